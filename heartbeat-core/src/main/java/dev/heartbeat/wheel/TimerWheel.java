package dev.heartbeat.wheel;

import java.util.Arrays;
import java.util.Objects;

/**
 * One timer for each of many small ints: a hashed wheel that is turned by its owner.
 *
 * <p>The ids are dense: connection slots, session numbers, indexes of any table, from 0 up to the capacity. An id has
 * one timer; scheduling it again moves it. All operations take constant time, and none allocates once the wheel has
 * seen its usual load. A timer costs 8 bytes in a column and about 5 for its entry in a bucket.
 *
 * <p>A timer never fires before its deadline. It is rounded up to a tick, and fires in the first {@link #advance} at or
 * after the start of that tick, so at most one tick late. A deadline that has passed already is due at the next tick.
 * Timers fire in the order of their ticks; within one tick in any order.
 *
 * <p>The wheel reads no clock and starts no thread. Instants come from the caller, on any clock that counts nanoseconds
 * from any origin, and are compared by subtraction: a deadline may lie up to {@code Long.MAX_VALUE / 2} ns ahead. It is
 * not a scheduler of tasks: it says which id is due, and its owner knows what that means.
 *
 * <p><b>Threading:</b> confined to one thread, the one that calls {@code advance}.
 */
public final class TimerWheel {

    /*
     * How it works.
     *
     * Time is cut into ticks, counted from the start. A column holds one word per id: the tick when its timer is due,
     * and the bucket where its entry waits. A bucket is a stack of ids. There are two levels [1]: the fine buckets hold
     * the ticks after the current one, one tick each; the coarse ones hold the blocks of ticks after that, one block
     * each. An entry moves from a coarse bucket to a fine one when its block begins. What is due after the last block
     * waits in that block's bucket, and is looked at again from there.
     *
     * The wheel is lazy [2]. To postpone or to cancel is a store to the word; the entry stays. When its bucket comes
     * up, the entry is fired, moved or dropped, as the word says then. Only a deadline before the time when the entry's
     * bucket comes up needs another entry. The one left behind is stale: the word names another bucket. Two entries of
     * one id in one bucket are alike; the one met first is the live one.
     *
     * Useless entries (the stale ones and those of cancelled timers) are bounded: when they outnumber the timers, each
     * operation that leaves another one behind also sweeps a few entries.
     *
     * [1] G. Varghese, T. Lauck: Hashed and Hierarchical Timing Wheels, SOSP 1987, schemes 6 and 7.
     * [2] As TCP stacks treat their keep-alive timer: it looks, when it comes up, at the time of the last activity.
     */

    private static final long NEVER = Long.MAX_VALUE;

    private final int capacity;
    private final TickLine ticks;
    private final WheelShape shape;
    private final int parking;
    private final IntBuckets buckets;
    private final Sweeper sweeper;

    private long[] words;

    /** The tick that is being worked off, or was last: behind the latest instant while work is left over. */
    private long current;

    private boolean advancing;

    @SuppressWarnings("UnusedVariable") // written, so that the reads ahead are not optimized away
    private long readSum;

    private int size;
    private long scheduled;
    private long rescheduled;
    private long cancelled;
    private long fired;

    TimerWheel(int capacity, int initialCapacity, long tickNs, long startNs, WheelShape shape, int spareEntries) {
        this.capacity = capacity;
        this.ticks = new TickLine(tickNs, startNs);
        this.shape = shape;
        this.parking = shape.parking();
        this.buckets = new IntBuckets(shape.buckets());
        this.sweeper = new Sweeper(buckets, shape.spare(), spareEntries);
        this.words = new long[initialCapacity];
    }

    /**
     * Begins a new wheel.
     *
     * @return a builder with a tick of 16 ms and room for 1,048,576 ids; the start must be told
     */
    public static TimerWheelBuilder builder() {
        return new TimerWheelBuilder();
    }

    /**
     * Sets the timer of an id, or moves it if it is set already.
     *
     * @param id the timer, 0 to {@link #capacity()} - 1
     * @param deadlineNs when to fire, at most {@code Long.MAX_VALUE / 2} ns ahead; if it is not after the instant of
     *     the last {@link #advance}, at the next tick
     * @throws IllegalArgumentException if {@code id} is out of range
     */
    public void schedule(int id, long deadlineNs) {
        if (id < 0 || id >= words.length) {
            makeRoom(id);
        }
        long due = ticks.dueTick(deadlineNs);
        long word = words[id];
        if (Word.isScheduled(word)) {
            rescheduled++;
        } else {
            scheduled++;
            size++;
        }
        if (!Word.hasEntry(word)) {
            enter(id, due);
        } else if (due >= shape.stop(Word.bucket(word), current)) {
            words[id] = Word.postponed(word, due);
        } else {
            enter(id, due);
            sweeper.sweepIfCrowded(words, size);
        }
    }

    /**
     * Unsets the timer of an id.
     *
     * @param id the timer, 0 to {@link #capacity()} - 1
     * @return false if it was not set
     * @throws IllegalArgumentException if {@code id} is out of range
     */
    public boolean cancel(int id) {
        long word = word(id);
        if (!Word.isScheduled(word)) {
            return false;
        }
        words[id] = Word.cancelled(word);
        cancelled++;
        size--;
        sweeper.sweepIfCrowded(words, size);
        return true;
    }

    /**
     * Whether the timer of an id is set.
     *
     * @param id the timer, 0 to {@link #capacity()} - 1
     * @return true from {@link #schedule} until it fires or is cancelled
     * @throws IllegalArgumentException if {@code id} is out of range
     */
    public boolean isScheduled(int id) {
        return Word.isScheduled(word(id));
    }

    /**
     * When the timer of an id is due: its deadline rounded up to a tick.
     *
     * @param id the timer, 0 to {@link #capacity()} - 1
     * @return the earliest instant at which it fires
     * @throws IllegalArgumentException if {@code id} is out of range
     * @throws IllegalStateException if the timer is not set
     */
    public long deadlineNs(int id) {
        long word = word(id);
        if (!Word.isScheduled(word)) {
            throw new IllegalStateException("timer " + id + " is not scheduled");
        }
        return ticks.startNs(Word.dueTick(word));
    }

    /**
     * Turns the wheel to an instant and fires what is due, until all is done or the limit is reached. The next call
     * goes on where this one stopped.
     *
     * <p>The limit bounds the work of a call: not only timers that fire count, but also entries that are moved or
     * dropped. Ticks without entries cost next to nothing, so that a long gap takes no longer than what came due in it.
     *
     * @param nowNs what the clock reads; an instant before that of an earlier call is taken as that
     * @param limit how many entries to visit at most, at least 1
     * @param handler told of each timer that is due; what it throws leaves this method, with the wheel in order
     * @return how many entries were visited; {@code limit} if there may be more
     * @throws IllegalArgumentException if {@code limit} is less than 1
     * @throws IllegalStateException if called by a handler
     */
    public int advance(long nowNs, int limit, ExpiryHandler handler) {
        Objects.requireNonNull(handler, "handler");
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
        }
        if (advancing) {
            throw new IllegalStateException("advance called by an expiry handler");
        }
        ticks.observe(nowNs);
        advancing = true;
        try {
            return turn(limit, handler);
        } finally {
            advancing = false;
        }
    }

    /**
     * How long the owner may wait until the next {@link #advance}.
     *
     * <p>Never too long. It may be too short: a timer that was postponed or cancelled is woken up for at its earlier
     * time, and a timer that is more than 65 s ahead (4095 ticks) also when it moves on its way.
     *
     * @param nowNs what the clock reads
     * @return a length in ns; 0 if there is work now, {@code Long.MAX_VALUE} if no timer is set
     */
    public long delayUntilNextNs(long nowNs) {
        if (size == 0) {
            return NEVER;
        }
        if (!buckets.isEmpty(parking)) {
            return 0;
        }
        long fine = nextFine(NEVER);
        long coarse = nextCoarse(fine);
        return Math.max(0, ticks.startNs(Math.min(fine, coarse)) - nowNs);
    }

    /** {@return how many timers are set: scheduled − fired − cancelled, at any time} */
    public int size() {
        return size;
    }

    /** {@return the bound of the ids, exclusive} */
    public int capacity() {
        return capacity;
    }

    /** {@return how often a timer was set that was not set before} */
    public long scheduledCount() {
        return scheduled;
    }

    /** {@return how often a timer was moved that was set already} */
    public long rescheduledCount() {
        return rescheduled;
    }

    /** {@return how often a timer that was set was unset} */
    public long cancelledCount() {
        return cancelled;
    }

    /** {@return how often a timer has fired} */
    public long firedCount() {
        return fired;
    }

    /** {@return how many entries the buckets hold: one for each timer that is set, and the stale ones} */
    public long entries() {
        return buckets.total();
    }

    /**
     * How many entries are of no use any more: left behind when a timer was cancelled or moved to an earlier time.
     *
     * @return hardly more than {@link #size()} and a few thousand
     */
    public long staleEntries() {
        return buckets.total() - size;
    }

    /** What the buckets occupy, in use or idle. */
    long retainedInts() {
        return buckets.retainedInts();
    }

    private int turn(int limit, ExpiryHandler handler) {
        int left = limit;
        while (left > 0) {
            int bucket = nextDueBucket();
            if (bucket < 0) {
                break;
            }
            left = drain(bucket, left, handler);
        }
        sweeper.sweepIfCrowded(words, size);
        return limit - left;
    }

    /** Moves on to the next bucket that has come up and holds anything; -1, and all is caught up, if there is none. */
    private int nextDueBucket() {
        long fine = nextFine(ticks.nowTick());
        long coarse = nextCoarse(Math.min(fine, ticks.nowTick()));
        if (coarse <= fine && coarse != NEVER) {
            current = coarse;
            return shape.coarse(shape.block(coarse));
        }
        if (fine != NEVER) {
            current = fine;
            return shape.fine(fine);
        }
        current = ticks.nowTick();
        return buckets.isEmpty(parking) ? -1 : parking;
    }

    /** The first tick from the current one to {@code lastTick} whose fine bucket holds anything, or NEVER. */
    private long nextFine(long lastTick) {
        int count = shape.fineCount();
        int limit = (int) Math.min(count - 1, lastTick - current) + 1;
        int distance = buckets.nextOccupied(0, count, shape.fine(current), limit);
        return distance < 0 ? NEVER : current + distance;
    }

    /** The first tick of the first block from the current one to that of {@code lastTick} that holds anything. */
    private long nextCoarse(long lastTick) {
        int first = shape.firstCoarse();
        int count = shape.coarseCount();
        long block = shape.block(current);
        int limit = (int) Math.min(count - 1, shape.block(lastTick) - block) + 1;
        int distance = buckets.nextOccupied(first, count, shape.coarse(block) - first, limit);
        return distance < 0 ? NEVER : shape.firstTick(block + distance);
    }

    private int drain(int bucket, int limit, ExpiryHandler handler) {
        int left = limit;
        int ahead = 0;
        while (left > 0 && !buckets.isEmpty(bucket)) {
            if (ahead == 0) {
                ahead = readAhead(bucket, handler);
            }
            ahead--;
            left--;
            visit(buckets.pop(bucket), bucket, handler);
        }
        return left;
    }

    /** Reads what is visited next, so that it comes from memory all at once and not one by one. */
    private int readAhead(int bucket, ExpiryHandler handler) {
        int[] ids = buckets.top(bucket);
        int last = buckets.topOffset(bucket);
        int count = buckets.topCount(bucket);
        long sum = 0;
        for (int i = last; i > last - count; i--) {
            sum += words[ids[i]] + handler.readAhead(ids[i]);
        }
        readSum = sum;
        return count;
    }

    private void visit(int id, int bucket, ExpiryHandler handler) {
        long word = words[id];
        if (!Word.hasEntryIn(word, bucket)) {
            return;
        }
        if (!Word.isScheduled(word)) {
            words[id] = Word.NOTHING;
            return;
        }
        long due = Word.dueTick(word);
        if (due > current) {
            enter(id, due);
            return;
        }
        words[id] = Word.NOTHING;
        size--;
        fired++;
        handler.onExpiry(id, ticks.nowNs());
    }

    private void enter(int id, long due) {
        int bucket = bucketFor(due);
        words[id] = Word.of(due, bucket);
        buckets.push(bucket, id);
    }

    private int bucketFor(long due) {
        if (due - current < shape.fineCount()) {
            return shape.fine(due);
        }
        long block = shape.block(due);
        long lastBlock = shape.block(current) + shape.coarseCount() - 1;
        if (block <= lastBlock) {
            return shape.coarse(block);
        }
        // While catching up over more than the coarse level holds, what comes after is not put into its path again.
        return shape.firstTick(lastBlock) <= ticks.nowTick() ? parking : shape.coarse(lastBlock);
    }

    private long word(int id) {
        checkId(id);
        return id < words.length ? words[id] : Word.NOTHING;
    }

    private void checkId(int id) {
        if (id < 0 || id >= capacity) {
            throw new IllegalArgumentException("id: " + id + " (expected: 0 to " + (capacity - 1) + ")");
        }
    }

    private void makeRoom(int id) {
        checkId(id);
        long doubled = Math.max(2L * words.length, (long) id + 1);
        words = Arrays.copyOf(words, (int) Math.min(capacity, doubled));
    }
}
