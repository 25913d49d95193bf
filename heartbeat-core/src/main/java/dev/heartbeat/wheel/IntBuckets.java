package dev.heartbeat.wheel;

import java.util.Arrays;

/**
 * Many stacks of ints that share their memory: the buckets of the wheel.
 *
 * <p>A bucket is a chain of chunks. Its newest chunk is at hand, the full ones below it wait in a table and are found
 * through a link in slot 0 of the chunk above. So a bucket grows without copying, and a bucket that is being emptied
 * feeds those that are being filled. An empty bucket holds no chunk at all.
 *
 * <p>A bit set tells which buckets hold anything, so that a search skips 64 empty ones at a time.
 *
 * <p><b>Threading:</b> confined to the thread of its wheel.
 */
final class IntBuckets {

    /** The link of a bucket's oldest chunk. */
    private static final int BOTTOM = -1;

    private static final int MIN_TABLE = 16;

    /** A longer table is given back when no chunk is left in it. */
    private static final int MAX_IDLE_TABLE = 1024;

    private final int[][] heads;
    private final int[] tops;
    private final long[] occupied;
    private final ChunkPool pool = new ChunkPool();

    private int[][] table = new int[MIN_TABLE][];
    private int[] free = new int[MIN_TABLE];
    private int freeCount;
    private int tableUsed;

    private long total;

    IntBuckets(int count) {
        heads = new int[count][];
        Arrays.fill(heads, ChunkPool.NONE);
        tops = new int[count];
        occupied = new long[(count + 63) >>> 6];
    }

    /** How many ints all buckets hold. */
    long total() {
        return total;
    }

    /** The ints for which memory is held, in use or idle. */
    long retainedInts() {
        return pool.retainedInts();
    }

    boolean isEmpty(int bucket) {
        return tops[bucket] == 0;
    }

    void push(int bucket, int value) {
        int[] chunk = heads[bucket];
        int top = tops[bucket];
        if (top == chunk.length) {
            chunk = extend(bucket, chunk);
            top = tops[bucket];
        }
        chunk[top] = value;
        tops[bucket] = top + 1;
        total++;
    }

    /** Removes the value that was pushed last; the bucket must not be empty. */
    int pop(int bucket) {
        int[] chunk = heads[bucket];
        int top = tops[bucket] - 1;
        int value = chunk[top];
        tops[bucket] = top;
        total--;
        if (top == 1) {
            retract(bucket, chunk);
        }
        return value;
    }

    /** The chunk that {@link #pop} takes from next; the values are in slots 1 to {@link #top} - 1. */
    int[] head(int bucket) {
        return heads[bucket];
    }

    /** The end of the values in {@link #head}, exclusive; 0 when the bucket is empty. */
    int top(int bucket) {
        return tops[bucket];
    }

    /** Moves all values of a bucket to an empty one, in constant time. */
    void move(int from, int to) {
        if (isEmpty(from)) {
            return;
        }
        heads[to] = heads[from];
        tops[to] = tops[from];
        occupied[to >>> 6] |= 1L << to;
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
        if (from >= end) {
            return -1;
        }
        int word = from >>> 6;
        int lastWord = (end - 1) >>> 6;
        long bits = occupied[word] & (-1L << from);
        while (bits == 0) {
            if (word == lastWord) {
                return -1;
            }
            bits = occupied[++word];
        }
        int bucket = (word << 6) + Long.numberOfTrailingZeros(bits);
        return bucket < end ? bucket : -1;
    }

    private int[] extend(int bucket, int[] chunk) {
        int[] larger;
        switch (chunk.length) {
            case 0 -> {
                larger = pool.take(ChunkPool.SMALL);
                larger[0] = BOTTOM;
                tops[bucket] = 1;
                occupied[bucket >>> 6] |= 1L << bucket;
            }
            case ChunkPool.FULL -> {
                larger = pool.take(ChunkPool.FULL);
                larger[0] = shelve(chunk);
                tops[bucket] = 1;
            }
            default -> {
                larger = pool.take(chunk.length == ChunkPool.SMALL ? ChunkPool.MEDIUM : ChunkPool.FULL);
                System.arraycopy(chunk, 0, larger, 0, chunk.length);
                pool.give(chunk, total);
            }
        }
        heads[bucket] = larger;
        return larger;
    }

    private void retract(int bucket, int[] chunk) {
        int link = chunk[0];
        pool.give(chunk, total);
        if (link == BOTTOM) {
            clear(bucket);
        } else {
            heads[bucket] = unshelve(link);
            tops[bucket] = ChunkPool.FULL;
        }
    }

    private void clear(int bucket) {
        heads[bucket] = ChunkPool.NONE;
        tops[bucket] = 0;
        occupied[bucket >>> 6] &= ~(1L << bucket);
    }

    private int shelve(int[] chunk) {
        int index;
        if (freeCount > 0) {
            index = free[--freeCount];
        } else {
            if (tableUsed == table.length) {
                table = Arrays.copyOf(table, tableUsed * 2);
                free = Arrays.copyOf(free, tableUsed * 2);
            }
            index = tableUsed++;
        }
        table[index] = chunk;
        return index;
    }

    private int[] unshelve(int index) {
        int[] chunk = table[index];
        table[index] = ChunkPool.NONE;
        free[freeCount++] = index;
        if (freeCount == tableUsed) {
            freeCount = 0;
            tableUsed = 0;
            if (table.length > MAX_IDLE_TABLE) {
                table = new int[MIN_TABLE][];
                free = new int[MIN_TABLE];
            }
        }
        return chunk;
    }
}
