package dev.heartbeat.benchmarks.programs;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A task of the JDK's executor for each connection, which looks at the last activity and sets itself again. */
final class ExecutorPopulation implements Population {
    static final String THREAD = "executor";

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, THREAD));
    private final Connection[] connections;
    private final long timeoutNs;
    private volatile long noticed;

    ExecutorPopulation(int capacity, long timeoutNs) {
        this.connections = new Connection[capacity];
        this.timeoutNs = timeoutNs;
        executor.setRemoveOnCancelPolicy(true);
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
        connections[connection].next.cancel(false);
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
        executor.shutdownNow();
    }

    private final class Connection implements Runnable {
        volatile long heardNs;
        ScheduledFuture<?> next;

        Connection(long nowNs) {
            heardNs = nowNs;
            next = schedule(nowNs + timeoutNs - System.nanoTime());
        }

        private ScheduledFuture<?> schedule(long delayNs) {
            return executor.schedule(this, delayNs, TimeUnit.NANOSECONDS);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only the executor's thread writes
        public void run() {
            long leftNs = timeoutNs - (System.nanoTime() - heardNs);
            if (leftNs <= 0) {
                noticed++;
                leftNs = timeoutNs;
            }
            next = schedule(leftNs);
        }
    }
}
