package dev.heartbeat.wheel;

/**
 * Many stacks of ints that share their memory: the buckets of the wheel.
 *
 * <p>A bucket is a number: the place behind its newest value, in a chunk that tells in its first slot where the bucket
 * ended before the chunk was put on top. So a bucket grows without copying, a bucket that is being emptied feeds those
 * that are being filled, and pushing reads nothing of the bucket but that number, which matters because the wheel pushes
 * to one that it has not touched for long.
 *
 * <p><b>Threading:</b> confined to the thread of its wheel.
 */
final class IntBuckets {

    /** No place of a value's end, since the first slot of a chunk holds none: an empty bucket, or what lies below one. */
    private static final int EMPTY = 0;

    private final int[] ends;
    private final Bits occupied;
    private final Chunks chunks = new Chunks();

    private long total;

    IntBuckets(int count) {
        ends = new int[count];
        occupied = new Bits(count);
    }

    /** How many ints all buckets hold. */
    long total() {
        return total;
    }

    /** The ints for which memory is held, in use or idle. */
    long retainedInts() {
        return chunks.retainedInts();
    }

    boolean isEmpty(int bucket) {
        return ends[bucket] == EMPTY;
    }

    void push(int bucket, int value) {
        int end = ends[bucket];
        if (Chunks.slot(end) == 0) {
            end = extend(bucket, end);
        }
        chunks.set(end, value);
        ends[bucket] = end + 1;
        total++;
    }

    /** Removes the value that was pushed last; the bucket must not be empty. */
    int pop(int bucket) {
        int last = ends[bucket] - 1;
        int value = chunks.get(last);
        total--;
        if (Chunks.slot(last) == 1) {
            retract(bucket, last - 1);
        } else {
            ends[bucket] = last;
        }
        return value;
    }

    /** The array from which {@link #pop} takes next; the bucket must not be empty. */
    int[] top(int bucket) {
        return chunks.segment(ends[bucket] - 1);
    }

    /** Where in {@link #top} the next value lies. */
    int topOffset(int bucket) {
        return Chunks.offset(ends[bucket] - 1);
    }

    /** How many values lie in {@link #top} side by side, down from {@link #topOffset}. */
    int topCount(int bucket) {
        return Chunks.slot(ends[bucket] - 1);
    }

    /** Moves all values of a bucket to an empty one, in constant time. */
    void move(int from, int to) {
        if (isEmpty(from)) {
            return;
        }
        ends[to] = ends[from];
        occupied.set(to);
        clear(from);
    }

    /**
     * Looks for the first bucket of a ring that holds anything.
     *
     * @param ring where the ring begins
     * @param count how many buckets it has
     * @param from where to begin, 0 to {@code count} - 1
     * @param limit how many buckets to look at, at most {@code count}
     * @return how far after {@code from} it is, or -1 if all are empty
     */
    int nextOccupied(int ring, int count, int from, int limit) {
        int start = ring + from;
        int end = ring + count;
        if (start + limit <= end) {
            return distance(firstOccupied(start, start + limit), start);
        }
        int bucket = firstOccupied(start, end);
        if (bucket >= 0) {
            return bucket - start;
        }
        return distance(firstOccupied(ring, start + limit - count), start - count);
    }

    private static int distance(int bucket, int start) {
        return bucket < 0 ? -1 : bucket - start;
    }

    /** The first bucket from {@code from} to {@code end}, exclusive, that holds anything, or -1. */
    int firstOccupied(int from, int end) {
        return occupied.firstSet(from, end);
    }

    private int extend(int bucket, int end) {
        if (end == EMPTY) {
            occupied.set(bucket);
        }
        int chunk = chunks.take();
        chunks.set(chunk, end);
        return chunk + 1;
    }

    private void retract(int bucket, int chunk) {
        int below = chunks.get(chunk);
        chunks.give(chunk);
        if (below == EMPTY) {
            clear(bucket);
        } else {
            ends[bucket] = below;
        }
    }

    private void clear(int bucket) {
        ends[bucket] = EMPTY;
        occupied.clear(bucket);
    }
}
