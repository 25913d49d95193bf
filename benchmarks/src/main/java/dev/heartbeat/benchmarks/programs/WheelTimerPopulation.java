package dev.heartbeat.benchmarks.programs;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** A timeout of Netty's wheel for each connection, which looks at the last activity and sets itself again. */
final class WheelTimerPopulation implements Population {
    static final String THREAD = "wheel-timer";

    private final HashedWheelTimer timer =
            new HashedWheelTimer(new DefaultThreadFactory(THREAD), 16, TimeUnit.MILLISECONDS, 4096);
    private final Connection[] connections;
    private final long timeoutNs;
    private volatile long noticed;

    WheelTimerPopulation(int capacity, long timeoutNs) {
        this.connections = new Connection[capacity];
        this.timeoutNs = timeoutNs;
    }

    @Override
    public void open(int connection, long nowNs) {
        connections[connection] = new Connection(nowNs);
    }

    @Override
    public void heard(int connection, long nowNs) {
        connections[connection].heardNs = nowNs;
    }

    @Override
    public void close(int connection) {
        connections[connection].next.cancel();
    }

    @Override
    public int turn(long nowNs, int limit) {
        return 0;
    }

    @Override
    public long noticed() {
        return noticed;
    }

    @Override
    public void close() {
        timer.stop();
    }

    private final class Connection implements TimerTask {
        volatile long heardNs;
        Timeout next;

        Connection(long nowNs) {
            heardNs = nowNs;
            next = schedule(nowNs + timeoutNs - System.nanoTime());
        }

        private Timeout schedule(long delayNs) {
            return timer.newTimeout(this, delayNs, TimeUnit.NANOSECONDS);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only the timer's thread writes
        public void run(Timeout timeout) {
            long leftNs = timeoutNs - (System.nanoTime() - heardNs);
            if (leftNs <= 0) {
                noticed++;
                leftNs = timeoutNs;
            }
            next = schedule(leftNs);
        }
    }
}
