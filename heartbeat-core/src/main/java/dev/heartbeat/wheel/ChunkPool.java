package dev.heartbeat.wheel;

import java.util.Arrays;

/**
 * Arrays of three sizes on their way from one bucket to the next.
 *
 * <p>Keeps what a steady flow of entries needs, so that nothing is allocated then, and lets go of what is left over
 * after a burst: how many idle arrays are kept depends on how many entries are alive.
 *
 * <p><b>Threading:</b> confined to the thread of its wheel.
 */
final class ChunkPool {

    /** A chunk's sizes in ints. A bucket starts small, because most buckets of a small wheel hold little. */
    static final int SMALL = 8;

    static final int MEDIUM = 32;
    static final int FULL = 128;

    /** Stands for "no chunk". */
    static final int[] NONE = {};

    private final Shelf small = new Shelf(SMALL);
    private final Shelf medium = new Shelf(MEDIUM);
    private final Shelf full = new Shelf(FULL);
    private long lentInts;

    /**
     * Hands out a chunk, its contents arbitrary.
     *
     * @param size one of the three sizes
     */
    int[] take(int size) {
        lentInts += size;
        return shelf(size).take();
    }

    /**
     * Takes a chunk back, to keep it or to drop it.
     *
     * @param chunk a chunk of one of the three sizes, no longer used by the caller
     * @param live how many entries are alive in all buckets
     */
    void give(int[] chunk, long live) {
        lentInts -= chunk.length;
        shelf(chunk.length).give(chunk, live);
    }

    /** The ints in all chunks that are lent or idle: what the buckets really occupy. */
    long retainedInts() {
        return lentInts + small.idleInts() + medium.idleInts() + full.idleInts();
    }

    private Shelf shelf(int size) {
        return size == FULL ? full : size == SMALL ? small : medium;
    }

    private static final class Shelf {

        /** How many idle chunks are kept in any case. */
        private static final int KEPT = 64;

        private final int size;
        private int[][] chunks = new int[KEPT][];
        private int count;

        Shelf(int size) {
            this.size = size;
        }

        int[] take() {
            if (count == 0) {
                return new int[size];
            }
            int[] chunk = chunks[--count];
            chunks[count] = NONE;
            return chunk;
        }

        void give(int[] chunk, long live) {
            long limit = KEPT + live / (2L * size);
            while (count > limit) {
                chunks[--count] = NONE;
            }
            if (count == limit) {
                return;
            }
            if (count == chunks.length) {
                chunks = Arrays.copyOf(chunks, count * 2);
            }
            chunks[count++] = chunk;
        }

        long idleInts() {
            return (long) count * size;
        }
    }
}
