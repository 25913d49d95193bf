package dev.heartbeat.interval;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/** The same interval for ever. */
final class FixedInterval implements IntervalStrategy {
    private final long intervalNs;

    private FixedInterval(long intervalNs) {
        this.intervalNs = intervalNs;
    }

    static FixedInterval of(String name, Duration interval) {
        return new FixedInterval(Checks.positiveNs(name, interval));
    }

    @Override
    public long intervalNs(Link link, long nowNs) {
        return intervalNs;
    }

    @Override
    public long shortestNs() {
        return intervalNs;
    }

    @Override
    public boolean isFixed() {
        return true;
    }

    @Override
    public String toString() {
        return "fixed(" + Duration.ofNanos(intervalNs) + ")";
    }
}
