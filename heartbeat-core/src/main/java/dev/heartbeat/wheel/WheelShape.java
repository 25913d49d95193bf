package dev.heartbeat.wheel;

/**
 * How ticks map to buckets: a ring of fine buckets with one tick each, a ring of coarse ones with a block of ticks
 * each, then one for what must wait until the wheel has caught up, and one that is free for sweeping.
 */
final class WheelShape {

    /** 4096 ticks one by one, then 4096 blocks of 256: with 16 ms ticks 65 s, then 4.6 h. */
    static final WheelShape DEFAULT = new WheelShape(12, 12, 8);

    private final int fineMask;
    private final int coarseMask;
    private final int blockShift;

    /**
     * Makes a shape; all sizes are powers of two.
     *
     * @param fineBits log2 of the number of fine buckets, at least {@code blockBits} + 1
     * @param coarseBits log2 of the number of coarse buckets, at least 2
     * @param blockBits log2 of the ticks in a block
     */
    WheelShape(int fineBits, int coarseBits, int blockBits) {
        this.fineMask = (1 << fineBits) - 1;
        this.coarseMask = (1 << coarseBits) - 1;
        this.blockShift = blockBits;
        assert fineBits > blockBits && coarseBits >= 2 && buckets() <= Word.MAX_BUCKETS;
    }

    int buckets() {
        return spare() + 1;
    }

    int fineCount() {
        return fineMask + 1;
    }

    int coarseCount() {
        return coarseMask + 1;
    }

    /** Where the coarse ring begins; the fine one begins at 0. */
    int firstCoarse() {
        return fineMask + 1;
    }

    /** Entries that are due after the instant that the wheel is catching up to, and fit nowhere until then. */
    int parking() {
        return fineMask + coarseMask + 2;
    }

    /** Empty but for the moment when a bucket is swept. */
    int spare() {
        return parking() + 1;
    }

    int fine(long tick) {
        return (int) tick & fineMask;
    }

    int coarse(long block) {
        return firstCoarse() + ((int) block & coarseMask);
    }

    long block(long tick) {
        return tick >> blockShift;
    }

    long firstTick(long block) {
        return block << blockShift;
    }

    /**
     * The tick when a bucket comes up next.
     *
     * @param bucket a bucket that holds an entry
     * @param current the tick that the wheel is at
     */
    long stop(int bucket, long current) {
        if (bucket <= fineMask) {
            return current + ((bucket - (int) current) & fineMask);
        }
        if (bucket == parking()) {
            return current;
        }
        long block = block(current);
        return firstTick(block + ((bucket - firstCoarse() - (int) block) & coarseMask));
    }
}
