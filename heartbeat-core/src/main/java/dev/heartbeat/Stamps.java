package dev.heartbeat;

import java.util.Arrays;

/**
 * The column that every inbound packet touches: when the last one came, and beside it in the same cache line a guard that
 * tells whether the handle is this connection's.
 *
 * <pre>
 * received  long
 * guard     long  [ look closer 1 | generation 31 | number of the rules 32 ]
 * </pre>
 *
 * <p>The first bit of the guard asks the next inbound mark to look closer: no handle has it.
 */
final class Stamps {
    private static final long LOOK_CLOSER = 1L << 63;
    private static final long RULES = (1L << 32) - 1;
    private static final long GENERATION = ~LOOK_CLOSER & ~RULES;
    private static final long ONE_GENERATION = 1L << 32;

    private long[] pairs = new long[0];

    void ensureCapacity(int slots) {
        int old = pairs.length;
        pairs = Arrays.copyOf(pairs, 2 * slots);
        for (int guard = old + 1; guard < pairs.length; guard += 2) {
            pairs[guard] = ONE_GENERATION; // generations start at 1, so that 0 is nobody's handle
        }
    }

    /** Marks inbound activity; false if someone has to look closer, or if the handle is stale. */
    boolean mark(long handle, long nowNs) {
        int slot = (int) handle;
        long[] its = pairs;
        if (slot < 0 || slot >= its.length >> 1 || (its[2 * slot + 1] ^ handle) >>> 32 != 0) {
            return false;
        }
        its[2 * slot] = nowNs;
        return true;
    }

    /** Whether a handle is of the slot's present generation. */
    boolean isCurrent(long handle) {
        int slot = (int) handle;
        return slot >= 0 && slot < pairs.length >> 1 && handle(slot) == handle;
    }

    /** What was handed out for this slot last. */
    long handle(int slot) {
        return (pairs[2 * slot + 1] & GENERATION) | slot;
    }

    /** From now on the slot's handle is stale. */
    void nextGeneration(int slot) {
        pairs[2 * slot + 1] = pairs[2 * slot + 1] + ONE_GENERATION & GENERATION;
    }

    long receivedNs(int slot) {
        return pairs[2 * slot];
    }

    void receivedNs(int slot, long nowNs) {
        pairs[2 * slot] = nowNs;
    }

    int rules(int slot) {
        return (int) pairs[2 * slot + 1];
    }

    void rules(int slot, int number) {
        pairs[2 * slot + 1] = (pairs[2 * slot + 1] & ~RULES) | number;
    }

    boolean looksCloser(int slot) {
        return pairs[2 * slot + 1] < 0;
    }

    void lookCloser(int slot, boolean closer) {
        long guard = pairs[2 * slot + 1];
        pairs[2 * slot + 1] = closer ? guard | LOOK_CLOSER : guard & ~LOOK_CLOSER;
    }
}
