package dev.heartbeat.wheel;

/**
 * What the wheel knows of one timer, in one {@code long}: the tick when it is due, the bucket of its live entry, flags.
 */
final class Word {

    /** The latest tick that a word can hold; with ticks of a millisecond that is 2230 years. */
    static final long MAX_TICK = (1L << 46) - 1;

    /** How many buckets a word can tell apart. */
    static final int MAX_BUCKETS = 1 << 14;

    /** A timer that is not set and has no entry: what a new column holds. */
    static final long NOTHING = 0;

    private static final long SCHEDULED = 1;
    private static final long ENTERED = 2;
    private static final long SEEN = 4;
    private static final int BUCKET_SHIFT = 3;
    private static final long BUCKET_MASK = (long) (MAX_BUCKETS - 1) << BUCKET_SHIFT;
    private static final int DUE_SHIFT = 17;
    private static final long DUE_MASK = -1L << DUE_SHIFT;

    private Word() {}

    /** A timer that is set, with an entry. */
    static long of(long dueTick, int bucket) {
        return dueTick << DUE_SHIFT | (long) bucket << BUCKET_SHIFT | ENTERED | SCHEDULED;
    }

    /** Sets the timer anew and leaves its entry where it is. */
    static long postponed(long word, long dueTick) {
        return dueTick << DUE_SHIFT | (word & ~DUE_MASK) | SCHEDULED;
    }

    /** Unsets the timer and leaves its entry where it is. */
    static long cancelled(long word) {
        return word & ~SCHEDULED;
    }

    static boolean isScheduled(long word) {
        return (word & SCHEDULED) != 0;
    }

    static boolean hasEntry(long word) {
        return (word & ENTERED) != 0;
    }

    static boolean hasEntryIn(long word, int bucket) {
        return (word & (BUCKET_MASK | ENTERED)) == ((long) bucket << BUCKET_SHIFT | ENTERED);
    }

    static long dueTick(long word) {
        return word >> DUE_SHIFT;
    }

    static int bucket(long word) {
        return (int) ((word & BUCKET_MASK) >>> BUCKET_SHIFT);
    }

    /** Marks the live entry as met, so that its doubles in the same bucket can be told. */
    static long seen(long word) {
        return word | SEEN;
    }

    static long unseen(long word) {
        return word & ~SEEN;
    }

    static boolean isSeen(long word) {
        return (word & SEEN) != 0;
    }
}
