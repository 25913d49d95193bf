package dev.heartbeat.wheel;

/**
 * Removes useless entries from buckets, a few at a time, when they outnumber the timers.
 *
 * <p>Goes round the buckets and sweeps each as a whole. What a large bucket costs beyond one step is paid off by the
 * steps that follow, so that the work stays in proportion to the entries that are left behind.
 */
final class Sweeper {

    /** How many entries are swept for one that is left behind. */
    private static final int STEP = 8;

    private final IntBuckets buckets;
    private final int spare;
    private final int tolerated;
    private int cursor;
    private int credit;

    /**
     * Makes a sweeper.
     *
     * @param buckets what to sweep
     * @param spare a bucket that is always empty; all those before it are swept
     * @param tolerated how many useless entries are left alone in any case
     */
    Sweeper(IntBuckets buckets, int spare, int tolerated) {
        this.buckets = buckets;
        this.spare = spare;
        this.tolerated = tolerated;
    }

    /**
     * Sweeps a little if the useless entries are too many.
     *
     * @param words what is known of each timer
     * @param size how many timers are set
     */
    void sweepIfCrowded(long[] words, int size) {
        if (isCrowded(size)) {
            step(words, size);
        }
    }

    private boolean isCrowded(int size) {
        return buckets.total() - size > (long) size + tolerated;
    }

    private void step(long[] words, int size) {
        credit += STEP;
        while (credit > 0 && isCrowded(size)) {
            int bucket = buckets.firstOccupied(cursor, spare);
            if (bucket < 0) {
                cursor = 0;
            } else {
                cursor = bucket + 1;
                credit -= sweep(bucket, words);
            }
        }
        credit = Math.min(credit, 0);
    }

    private int sweep(int bucket, long[] words) {
        int visited = 0;
        buckets.move(bucket, spare);
        while (!buckets.isEmpty(spare)) {
            int id = buckets.pop(spare);
            long word = words[id];
            visited++;
            if (!Word.hasEntryIn(word, bucket) || Word.isSeen(word)) {
                continue;
            }
            if (Word.isScheduled(word)) {
                words[id] = Word.seen(word);
                buckets.push(bucket, id);
            } else {
                words[id] = Word.NOTHING;
            }
        }
        buckets.move(bucket, spare);
        while (!buckets.isEmpty(spare)) {
            int id = buckets.pop(spare);
            words[id] = Word.unseen(words[id]);
            buckets.push(bucket, id);
        }
        return visited;
    }
}
