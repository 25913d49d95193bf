package dev.heartbeat.interval.nat;

/** A pause before the next probe, after one that said nothing. */
final class Holding {
    private static final long SHORT_NS = 5_000_000_000L;
    private static final long FIRST_NS = 15_000_000_000L;
    private static final long LONGEST_NS = 1_800_000_000_000L;

    private boolean held;
    private long untilNs;
    private long nextNs = FIRST_NS;

    boolean isOver(long nowNs) {
        if (held && nowNs - untilNs >= 0) {
            held = false;
        }
        return !held;
    }

    long leftNs(long nowNs) {
        return Math.max(0, untilNs - nowNs);
    }

    /** Never cuts a pause short: another lane's probe may have been refused meanwhile. */
    void shortly(long nowNs) {
        if (held && untilNs - nowNs > SHORT_NS) {
            return;
        }
        held = true;
        untilNs = nowNs + SHORT_NS;
    }

    /** Twice as long each time, until something works. */
    void backOff(long nowNs) {
        if (held && untilNs - nowNs > SHORT_NS) {
            return;
        }
        held = true;
        untilNs = nowNs + nextNs;
        nextNs = Math.min(LONGEST_NS, 2 * nextNs);
    }

    void clear() {
        held = false;
        nextNs = FIRST_NS;
    }
}
