package dev.heartbeat.detect;

import java.time.Duration;

/** The same wait for every probe. */
final class FixedAckTimeout implements AckTimeout {
    private final long timeoutNs;

    FixedAckTimeout(long timeoutNs) {
        this.timeoutNs = timeoutNs;
    }

    @Override
    public long timeoutNs(Peer peer) {
        return timeoutNs;
    }

    @Override
    public long longestNs() {
        return timeoutNs;
    }

    @Override
    public String toString() {
        return "fixed(" + Duration.ofNanos(timeoutNs) + ")";
    }
}
