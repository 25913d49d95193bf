package dev.heartbeat.benchmarks.programs;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A task for each connection in the heap of Netty's event loop, which looks at the last activity and sets itself again. */
final class EventLoopPopulation implements Population {
    private final Connection[] connections;
    private final Ticking ticker;
    private final ManualIoEventLoop loop;
    private final long timeoutNs;
    private long noticed;

    EventLoopPopulation(int capacity, long timeoutNs, long nowNs) {
        this.connections = new Connection[capacity];
        this.ticker = new Ticking(nowNs);
        this.loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker);
        this.timeoutNs = timeoutNs;
    }

    @Override
    public void open(int connection, long nowNs) {
        ticker.set(nowNs);
        connections[connection] = new Connection(nowNs);
    }

    @Override
    public void heard(int connection, long nowNs) {
        connections[connection].heardNs = nowNs;
    }

    @Override
    public void close(int connection) {
        connections[connection].next.cancel(false);
    }

    @Override
    public int turn(long nowNs, int limit) {
        ticker.set(nowNs);
        return loop.runNow();
    }

    @Override
    public long noticed() {
        return noticed;
    }

    private final class Connection implements Runnable {
        long heardNs;
        ScheduledFuture<?> next;

        Connection(long nowNs) {
            heardNs = nowNs;
            next = schedule(timeoutNs);
        }

        private ScheduledFuture<?> schedule(long delayNs) {
            return loop.schedule(this, delayNs, TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            long leftNs = timeoutNs - (ticker.nanoTime() - heardNs);
            if (leftNs <= 0) {
                noticed++;
                leftNs = timeoutNs;
            }
            next = schedule(leftNs);
        }
    }
}
