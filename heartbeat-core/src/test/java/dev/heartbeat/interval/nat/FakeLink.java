package dev.heartbeat.interval.nat;

import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;

/** A connection that a test moves. */
final class FakeLink implements Link {
    long handle = 1;
    Phase phase = Phase.BACKGROUND;
    int misses;

    @Override
    public long handle() {
        return handle;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public int consecutiveMisses() {
        return misses;
    }

    @Override
    public boolean hasAnnouncedInterval() {
        return false;
    }

    @Override
    public long announcedIntervalNs() {
        throw new IllegalStateException("announcedIntervalNs: none");
    }
}
