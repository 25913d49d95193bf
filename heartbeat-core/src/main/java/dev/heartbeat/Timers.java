package dev.heartbeat;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.wheel.TimerWheel;

/**
 * Sets each connection's one timer to whatever is due first on it.
 *
 * <p>Where many are watched, a far deadline is first looked at a little early, together with those close to it. Most have
 * been heard meanwhile and are only set anew, which costs the less the more of them come from memory at a time. Nobody is
 * judged early: who has not been heard is looked at again, when it is exactly due.
 */
final class Timers {
    /** How soon a connection is looked at again whose policy threw. */
    static final long AFTER_ERROR_NS = 1_000_000_000L;

    /** What falls into one of these is looked at together; a power of two, in ns: 134 ms. */
    private static final long TOGETHER_NS = 1L << 27;

    private static final long FAR_NS = 10_000_000_000L;
    private static final int MANY = 1 << 14;

    private final Connections all;
    private final TimerWheel wheel;
    private final StallGuard stalls;
    private final Deadlines deadlines;
    private final Notices notices;

    private long plannedNs = Long.MAX_VALUE;

    Timers(Connections all, TimerWheel wheel, StallGuard stalls, Deadlines deadlines, Notices notices) {
        this.all = all;
        this.wheel = wheel;
        this.stalls = stalls;
        this.deadlines = deadlines;
        this.notices = notices;
    }

    /** A turn is over: until the next one, nothing is planned but what the wheel holds now. */
    void turned() {
        plannedNs = wheel.delayUntilNextNs(stalls.lastTurnNs());
    }

    /**
     * How long after the last turn the next one is wanted, told to one that comes so long after it. The wheel alone cannot
     * tell: what was set since, after a long wait, it may hold where the wait began. Nor can what was planned: that may be
     * gone.
     */
    long plannedNs(long gapNs) {
        return gapNs <= plannedNs ? plannedNs : Math.max(plannedNs, wheel.delayUntilNextNs(stalls.lastTurnNs()));
    }

    void arm(int slot, Rules its, long nowNs) {
        long leftNs;
        try {
            leftNs = deadlines.untilNextNs(slot, its, nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
            leftNs = AFTER_ERROR_NS;
        }
        if (leftNs == FailureDetector.NEVER) {
            wheel.cancel(slot);
        } else {
            schedule(slot, lookNs(nowNs, Math.max(0, leftNs)));
        }
        notices.tellErrors();
    }

    private void schedule(int slot, long dueNs) {
        boolean first = wheel.size() == 0; // a host that watched nobody was told to wait
        wheel.schedule(slot, dueNs);
        if (first || dueNs - stalls.lastTurnNs() < plannedNs) {
            long wantedNs = wheel.deadlineNs(slot) - stalls.lastTurnNs();
            plannedNs = first ? wantedNs : Math.min(plannedNs, wantedNs);
        }
    }

    private long lookNs(long nowNs, long leftNs) {
        long dueNs = nowNs + leftNs;
        return leftNs < FAR_NS || wheel.size() < MANY ? dueNs : dueNs & -TOGETHER_NS;
    }
}
