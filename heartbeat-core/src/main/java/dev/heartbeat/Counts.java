package dev.heartbeat;

import java.util.Arrays;

/** A column that not every monitor has: what is counted for each connection, and its last round trip. */
final class Counts {
    static final int PROBES = 0;
    static final int ACKS = 1;
    static final int MISSES = 2;
    static final int LATE_ACKS = 3;
    private static final int ROUND_TRIP_US = 4;
    private static final int PER_SLOT = 5;

    private final boolean kept;
    private int[] counts = new int[0];

    Counts(boolean kept) {
        this.kept = kept;
    }

    void ensureCapacity(int slots) {
        if (kept) {
            counts = Arrays.copyOf(counts, PER_SLOT * slots);
        }
    }

    void open(int slot) {
        if (kept) {
            Arrays.fill(counts, PER_SLOT * slot, PER_SLOT * slot + PER_SLOT, 0);
            counts[PER_SLOT * slot + ROUND_TRIP_US] = -1;
        }
    }

    void add(int slot, int what) {
        if (kept) {
            counts[PER_SLOT * slot + what]++;
        }
    }

    /** Reads something of a slot, before it is needed. */
    int readAhead(int slot) {
        return kept ? counts[PER_SLOT * slot] : 0;
    }

    int get(int slot, int what) {
        return kept ? counts[PER_SLOT * slot + what] : 0;
    }

    void roundTrip(int slot, long roundTripNs) {
        if (kept && roundTripNs >= 0) {
            counts[PER_SLOT * slot + ROUND_TRIP_US] = (int) Math.min(roundTripNs / 1_000L, Integer.MAX_VALUE);
        }
    }

    /** The last round trip, to the microsecond; −1 if there is none. */
    long roundTripNs(int slot) {
        int us = kept ? counts[PER_SLOT * slot + ROUND_TRIP_US] : -1;
        return us < 0 ? -1 : us * 1_000L;
    }
}
