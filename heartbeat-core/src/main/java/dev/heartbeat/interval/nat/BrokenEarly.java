package dev.heartbeat.interval.nat;

/**
 * Tells a middlebox that closes idle connections from a server that restarts: the former does it again after the same
 * silence at another time.
 */
final class BrokenEarly {
    private static final long ANOTHER_TIME_NS = 2_000_000_000L;

    private final SearchScale scale;
    private boolean seen;
    private long silenceNs;
    private long atNs;

    BrokenEarly(SearchScale scale) {
        this.scale = scale;
    }

    /** Whether this break confirms an earlier one. */
    boolean again(long brokenSilenceNs, long nowNs) {
        boolean alike = seen
                && nowNs - atNs > ANOTHER_TIME_NS
                && Math.abs(brokenSilenceNs - silenceNs) <= scale.cellNs(silenceNs);
        if (!alike && (!seen || nowNs - atNs > ANOTHER_TIME_NS)) {
            seen = true;
            silenceNs = brokenSilenceNs;
            atNs = nowNs;
        }
        return alike;
    }
}
