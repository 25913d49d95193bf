package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/** Dead after a silence that is fixed, or a multiple of the interval in which the peer should be heard. */
final class SilenceDeadline implements FailureDetector {
    private final long fixedNs; // 0: intervals count
    private final double suspectAt; // infinite: silence does not make suspect
    private final double deadAt;

    private SilenceDeadline(long fixedNs, double suspectAt, double deadAt) {
        this.fixedNs = fixedNs;
        this.suspectAt = suspectAt;
        this.deadAt = deadAt;
    }

    static SilenceDeadline of(long fixedNs) {
        return new SilenceDeadline(fixedNs, Double.POSITIVE_INFINITY, 0);
    }

    static SilenceDeadline of(double intervals) {
        return new SilenceDeadline(0, Double.POSITIVE_INFINITY, intervals);
    }

    static SilenceDeadline of(double suspect, double dead) {
        return new SilenceDeadline(0, suspect, dead);
    }

    @Override
    public long suspectAfterNs(Peer peer) {
        return suspectAt == Double.POSITIVE_INFINITY ? NEVER : after(peer, suspectAt);
    }

    @Override
    public long deadAfterNs(Peer peer) {
        return fixedNs > 0 ? fixedNs : after(peer, deadAt);
    }

    private static long after(Peer peer, double intervals) {
        return Math.min(Checks.MAX_NS, (long) Math.ceil(intervals * peer.expectedIntervalNs()));
    }

    @Override
    public double suspicion(Peer peer, long nowNs) {
        return (double) peer.silenceNs(nowNs) / deadAfterNs(peer);
    }

    @Override
    public String toString() {
        if (fixedNs > 0) {
            return "silence(" + Duration.ofNanos(fixedNs) + ")";
        }
        String suspect = suspectAt == Double.POSITIVE_INFINITY ? "" : suspectAt + ", ";
        return "silence(" + suspect + deadAt + " intervals)";
    }
}
