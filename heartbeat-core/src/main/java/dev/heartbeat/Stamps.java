package dev.heartbeat;

import java.util.Arrays;

/**
 * What every inbound packet touches: a guard that tells whether the handle is this connection's, and when the last packet
 * came. The guards lie apart from the times, in as small a column as can be: a mark waits for the guard, which is the
 * nearer the less there is of them, but it does not wait for its own store.
 *
 * <p>A guard is the generation, and a sign bit that asks the next inbound mark to look closer: no handle has it.
 */
final class Stamps {
    private static final int LOOK_CLOSER = 1 << 31;

    private int[] guards = new int[0];
    private long[] received = new long[0];

    void ensureCapacity(int slots) {
        int old = guards.length;
        guards = Arrays.copyOf(guards, slots);
        Arrays.fill(guards, old, slots, 1); // generations start at 1, so that 0 is nobody's handle
        received = Arrays.copyOf(received, slots);
    }

    /** Marks inbound activity; false if someone has to look closer, or if the handle is stale. */
    boolean mark(long handle, long nowNs) {
        int slot = (int) handle;
        int[] its = guards;
        if (slot < 0 || slot >= its.length || its[slot] != (int) (handle >>> 32)) {
            return false;
        }
        received[slot] = nowNs;
        return true;
    }

    /** Whether a handle is of the slot's present generation. */
    boolean isCurrent(long handle) {
        int slot = (int) handle;
        return slot >= 0 && slot < guards.length && generation(slot) == (int) (handle >>> 32);
    }

    /** What was handed out for this slot last. */
    long handle(int slot) {
        return (long) generation(slot) << 32 | slot;
    }

    /** From now on the slot's handle is stale. */
    void nextGeneration(int slot) {
        guards[slot] = generationAfter(guards[slot]);
    }

    /** From 1 again after the last there is: the handle 0 is nobody's. */
    static int generationAfter(int guard) {
        return Math.max(1, (guard + 1) & ~LOOK_CLOSER);
    }

    private int generation(int slot) {
        return guards[slot] & ~LOOK_CLOSER;
    }

    long receivedNs(int slot) {
        return received[slot];
    }

    void receivedNs(int slot, long nowNs) {
        received[slot] = nowNs;
    }

    boolean looksCloser(int slot) {
        return guards[slot] < 0;
    }

    void lookCloser(int slot, boolean closer) {
        guards[slot] = closer ? guards[slot] | LOOK_CLOSER : generation(slot);
    }

    /** Reads all there is of a slot. */
    long readAhead(int slot) {
        return guards[slot] + received[slot];
    }
}
