package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/** Dead after a silence that is fixed, or a multiple of the interval in which the peer should be heard. */
final class SilenceDeadline implements FailureDetector {
    private final long fixedNs; // 0: intervals count
    private final double intervals;

    private SilenceDeadline(long fixedNs, double intervals) {
        this.fixedNs = fixedNs;
        this.intervals = intervals;
    }

    static SilenceDeadline of(long fixedNs) {
        return new SilenceDeadline(fixedNs, 0);
    }

    static SilenceDeadline of(double intervals) {
        return new SilenceDeadline(0, intervals);
    }

    @Override
    public long deadAfterNs(Peer peer) {
        if (fixedNs > 0) {
            return fixedNs;
        }
        return (long) Math.min((double) Checks.MAX_NS, Math.ceil(intervals * peer.expectedIntervalNs()));
    }

    @Override
    public double suspicion(Peer peer, long nowNs) {
        return (double) peer.silenceNs(nowNs) / deadAfterNs(peer);
    }

    @Override
    public String toString() {
        return fixedNs > 0 ? "silence(" + Duration.ofNanos(fixedNs) + ")" : "silence(" + intervals + " intervals)";
    }
}
