package dev.heartbeat.wheel;

import java.util.Arrays;

/**
 * Memory for many small stacks of ints: chunks of one size, cut from segments.
 *
 * <p>An int is found by its place, a number over all segments. Whoever holds a place holds no reference, and a store
 * there waits for nothing but the segment. A free chunk's first slot tells the next free one of its segment.
 *
 * <p>Chunks are lent from the first segment that has one, so that the last segments run empty after a burst and are
 * given back. Some idle memory is kept, in proportion to what is lent: a steady flow allocates nothing.
 *
 * <p><b>Threading:</b> confined to the thread of its wheel.
 */
final class Chunks {
    /** The ints of a chunk: two cache lines. */
    static final int SIZE = 32;

    private static final int SEGMENT_BITS = 12;
    private static final int SEGMENT_SIZE = 1 << SEGMENT_BITS;
    private static final int SEGMENT_MASK = SEGMENT_SIZE - 1;
    private static final int PER_SEGMENT = SEGMENT_SIZE / SIZE;
    private static final int MOST_SEGMENTS = 1 << (31 - SEGMENT_BITS);

    /** Idle chunks beyond these are given back, segment by segment: two segments, and an eighth of what is lent. */
    private static final int KEPT = 2 * PER_SEGMENT;

    private static final int KEPT_SHIFT = 3;
    private static final int NO_CHUNK = -1;
    private static final int FEW = 4;

    /** Stands for a segment that was given back. */
    private static final int[] NONE = {};

    private int[][] segments = new int[FEW][];
    private int[] firstFree = new int[FEW];
    private int[] lent = new int[FEW];

    /** The segments that are there and have a free chunk. */
    private final Bits roomy = new Bits(FEW);

    /** The segments that are there and have lent nothing. */
    private final Bits empty = new Bits(FEW);

    /** The segments that were given back. */
    private final Bits missing = new Bits(FEW);

    private int emptyCount;
    private int segmentCount;
    private int presentCount;
    private int lentCount;

    int get(int place) {
        return segments[place >>> SEGMENT_BITS][place & SEGMENT_MASK];
    }

    void set(int place, int value) {
        segments[place >>> SEGMENT_BITS][place & SEGMENT_MASK] = value;
    }

    /** The array in which a place lies, and with it all of its chunk. */
    int[] segment(int place) {
        return segments[place >>> SEGMENT_BITS];
    }

    /** Where in its {@link #segment} a place lies. */
    static int offset(int place) {
        return place & SEGMENT_MASK;
    }

    /** Where in its chunk a place lies; 0 is the first slot. */
    static int slot(int place) {
        return place & SIZE - 1;
    }

    /**
     * Lends a chunk, its contents arbitrary.
     *
     * @return the place of its first slot
     */
    int take() {
        int index = roomy.firstSet(0, segmentCount);
        if (index < 0) {
            index = addSegment();
        }
        int[] segment = segments[index];
        int offset = firstFree[index];
        firstFree[index] = segment[offset];
        if (firstFree[index] == NO_CHUNK) {
            roomy.clear(index);
        }
        if (lent[index]++ == 0) {
            empty.clear(index);
            emptyCount--;
        }
        lentCount++;
        return index << SEGMENT_BITS | offset;
    }

    /** Takes the chunk back that begins at a place. */
    void give(int place) {
        int index = place >>> SEGMENT_BITS;
        int offset = offset(place);
        segments[index][offset] = firstFree[index];
        firstFree[index] = offset;
        roomy.set(index);
        lentCount--;
        if (--lent[index] == 0) {
            empty.set(index);
            emptyCount++;
        }
        while (emptyCount > 0 && idleCount() - PER_SEGMENT >= KEPT + (lentCount >>> KEPT_SHIFT)) {
            dropSegment(empty.firstSet(0, segmentCount));
        }
    }

    /** The ints for which memory is held, lent or idle. */
    long retainedInts() {
        return (long) presentCount * SEGMENT_SIZE;
    }

    private int idleCount() {
        return presentCount * PER_SEGMENT - lentCount;
    }

    private int addSegment() {
        int index = missing.firstSet(0, segmentCount);
        if (index < 0) {
            index = segmentCount;
            if (index == segments.length) {
                makeRoom();
            }
            segmentCount++;
        }
        missing.clear(index);
        int[] segment = new int[SEGMENT_SIZE];
        for (int offset = 0; offset < SEGMENT_SIZE; offset += SIZE) {
            segment[offset] = offset + SIZE;
        }
        segment[SEGMENT_SIZE - SIZE] = NO_CHUNK;
        segments[index] = segment;
        firstFree[index] = 0;
        roomy.set(index);
        empty.set(index);
        emptyCount++;
        presentCount++;
        return index;
    }

    private void dropSegment(int index) {
        segments[index] = NONE;
        roomy.clear(index);
        empty.clear(index);
        emptyCount--;
        missing.set(index);
        presentCount--;
    }

    private void makeRoom() {
        int size = 2 * segments.length;
        if (size > MOST_SEGMENTS) {
            throw new IllegalStateException("entries: more than " + (long) MOST_SEGMENTS * SEGMENT_SIZE);
        }
        segments = Arrays.copyOf(segments, size);
        firstFree = Arrays.copyOf(firstFree, size);
        lent = Arrays.copyOf(lent, size);
        roomy.grow(size);
        empty.grow(size);
        missing.grow(size);
    }
}
