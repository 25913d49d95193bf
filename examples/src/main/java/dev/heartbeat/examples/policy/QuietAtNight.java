package dev.heartbeat.examples.policy;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;

/**
 * Probes half as often between eleven in the evening and six in the morning. Everything that it does not say is as for
 * {@link HeartbeatPolicy#client()}.
 */
public final class QuietAtNight implements HeartbeatPolicy {
    private static final LocalTime NIGHT = LocalTime.of(23, 0);
    private static final LocalTime MORNING = LocalTime.of(6, 0);

    private final Clock wallClock;
    private final long dayIntervalNs;

    /**
     * A policy that follows the clock on the wall: the one use for which that clock is right.
     *
     * @param dayInterval by day; twice as long at night
     * @param wallClock with the time zone of those who sleep
     */
    public QuietAtNight(Duration dayInterval, Clock wallClock) {
        this.dayIntervalNs = dayInterval.toNanos();
        this.wallClock = wallClock;
    }

    @Override
    public IntervalStrategy interval() {
        return (link, nowNs) -> isNight() ? 2 * dayIntervalNs : dayIntervalNs;
    }

    private boolean isNight() {
        LocalTime now = LocalTime.now(wallClock);
        return now.isBefore(MORNING) || !now.isBefore(NIGHT);
    }
}
