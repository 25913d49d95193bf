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
    private final Deadlines deadlines;
    private final Notices notices;

    Timers(Connections all, TimerWheel wheel, Deadlines deadlines, Notices notices) {
        this.all = all;
        this.wheel = wheel;
        this.deadlines = deadlines;
        this.notices = notices;
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
            wheel.schedule(slot, lookNs(nowNs, leftNs));
        }
        notices.tellErrors();
    }

    private long lookNs(long nowNs, long leftNs) {
        long dueNs = nowNs + leftNs;
        return leftNs < FAR_NS || wheel.size() < MANY ? dueNs : dueNs & -TOGETHER_NS;
    }
}
