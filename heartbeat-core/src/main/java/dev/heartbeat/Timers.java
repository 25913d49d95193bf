package dev.heartbeat;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.wheel.TimerWheel;

/** Sets each connection's one timer to whatever is due first on it. */
final class Timers {
    /** How soon a connection is looked at again whose policy threw. */
    static final long AFTER_ERROR_NS = 1_000_000_000L;

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
            wheel.schedule(slot, nowNs + leftNs);
        }
        notices.tellErrors();
    }
}
