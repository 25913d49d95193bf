package dev.heartbeat.benchmarks.programs;

import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2LongHashMap;

/** A timer of Agrona's wheel for each connection, which looks at the last activity and sets itself again. */
final class AgronaPopulation implements Population {
    private static final long TICK_NS = 1 << 24; // about 16.8 ms

    private final long[] heardNs;
    private final long[] timers;
    private final Long2LongHashMap connectionOf;
    private final DeadlineTimerWheel wheel;
    private final long timeoutNs;
    private long noticed;

    AgronaPopulation(int capacity, long timeoutNs, long nowNs) {
        this.heardNs = new long[capacity];
        this.timers = new long[capacity];
        this.connectionOf = new Long2LongHashMap(-1);
        this.wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, nowNs, TICK_NS, 4096);
        this.timeoutNs = timeoutNs;
    }

    @Override
    public void open(int connection, long nowNs) {
        heardNs[connection] = nowNs;
        schedule(connection, nowNs + timeoutNs);
    }

    private void schedule(int connection, long deadlineNs) {
        timers[connection] = wheel.scheduleTimer(deadlineNs);
        connectionOf.put(timers[connection], connection);
    }

    @Override
    public void heard(int connection, long nowNs) {
        heardNs[connection] = nowNs;
    }

    @Override
    public void close(int connection) {
        wheel.cancelTimer(timers[connection]);
        connectionOf.remove(timers[connection]);
    }

    @Override
    public int turn(long nowNs, int limit) {
        int done = 0;
        while (done < limit) {
            done += wheel.poll(nowNs, this::onTimerExpiry, limit - done);
            if (wheel.currentTickTime() - nowNs > 0) {
                break; // one tick a call
            }
        }
        return done;
    }

    private boolean onTimerExpiry(TimeUnit unit, long nowNs, long timerId) {
        int connection = (int) connectionOf.remove(timerId);
        long deadlineNs = heardNs[connection] + timeoutNs;
        if (deadlineNs - nowNs <= 0) {
            noticed++;
            deadlineNs = nowNs + timeoutNs - (nowNs - deadlineNs) % timeoutNs; // all in one tick is too much for it
        }
        schedule(connection, deadlineNs);
        return true;
    }

    @Override
    public long noticed() {
        return noticed;
    }
}
