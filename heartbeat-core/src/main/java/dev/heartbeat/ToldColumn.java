package dev.heartbeat;

import java.util.Arrays;

/** A column that only monitors have whose intervals vary: what the last probe of each connection told its peer. */
final class ToldColumn {
    private static final int PER_SLOT = 2;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private int[] told = new int[0];

    /** The column is there from the first connection on whose interval varies. */
    void open(int slot, boolean varies, int slots) {
        if (varies && told.length == 0) {
            told = new int[PER_SLOT * slots];
        }
        put(slot, 0, 0);
    }

    void ensureCapacity(int slots) {
        if (told.length > 0) {
            told = Arrays.copyOf(told, PER_SLOT * slots);
        }
    }

    /** The interval that our last probe announced; 0 if there was none or it is of no interest. */
    long intervalNs(int slot) {
        return told.length == 0 ? 0 : told[PER_SLOT * slot] * NANOS_PER_MILLI;
    }

    /** How long the link was idle before our last probe left. */
    long idleNs(int slot) {
        return told.length == 0 ? 0 : told[PER_SLOT * slot + 1] * NANOS_PER_MILLI;
    }

    void put(int slot, long intervalNs, long idleNs) {
        if (told.length > 0) {
            told[PER_SLOT * slot] = (int) ((intervalNs + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI); // as announced
            told[PER_SLOT * slot + 1] = (int) Math.min(idleNs / NANOS_PER_MILLI, Integer.MAX_VALUE);
        }
    }
}
