package dev.heartbeat.nio;

import org.jspecify.annotations.Nullable;

/**
 * The probes that have left and were not answered, oldest first: what an answer without an id belongs to. As many as the
 * monitor remembers; one that is older can no longer be a late answer either.
 */
final class ProbeRing {
    static final int NONE = -1;
    private static final int SIZE = 16;

    private char @Nullable [] ids; // until the first
    private int first;
    private int count;

    void left(int probeId) {
        char[] ring = ids;
        if (ring == null) {
            ring = new char[SIZE];
            ids = ring;
        }
        if (count == SIZE) {
            first = (first + 1) % SIZE;
            count--;
        }
        ring[(first + count++) % SIZE] = (char) probeId;
    }

    /** The probe that an answer belongs to. */
    int answered() {
        char[] ring = ids;
        if (ring == null || count == 0) {
            return NONE;
        }
        int probeId = ring[first];
        first = (first + 1) % SIZE;
        count--;
        return probeId;
    }
}
