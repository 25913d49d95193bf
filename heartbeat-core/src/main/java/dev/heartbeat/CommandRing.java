package dev.heartbeat;

import dev.heartbeat.internal.Checks;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of events from any number of threads to one, without a lock and without allocation.
 *
 * <p>The cells form a ring; each carries a turn that says whose it is (D. Vyukov's bounded queue). At position <i>p</i>
 * a cell whose turn is <i>p</i> is free for a producer, one whose turn is <i>p</i> + 1 holds an event for the consumer,
 * and taking the event gives it the turn <i>p</i> + capacity. A producer claims a position by moving the tail on, then
 * fills the cell at leisure.
 *
 * <p><b>Memory order.</b> The fields of a cell are plain. A producer writes them before it releases the turn, and the
 * consumer reads them after it has acquired that turn; the consumer reads them before it releases the next turn, and the
 * next producer writes them after it has acquired that one. Claiming the tail is a full fence, so {@link #isClaimed}
 * read after one's own full fence either sees the claim or comes before it: what a thread about to park relies on.
 *
 * <p><b>Threading:</b> {@link #offer} and {@link #isClaimed} from any thread; everything else from the consumer's.
 *
 * @param <T> what an event is about
 */
final class CommandRing<T> {
    private static final int MOST = 1 << 24;

    private final int mask;
    private final AtomicLongArray turns;
    private final int[] kinds;
    private final long[] arguments;
    private final long[] instants;
    private final @Nullable Object[] subjects;

    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong head = new AtomicLong();

    private int kind;
    private long argument;
    private long atNs;
    private @Nullable Object subject;

    /** A ring with room for at least so many events. */
    CommandRing(int capacity) {
        Checks.inRange("commandCapacity", capacity, 2, MOST);
        int size = Integer.highestOneBit(capacity - 1) << 1;
        mask = size - 1;
        turns = new AtomicLongArray(size);
        for (int i = 0; i < size; i++) {
            turns.lazySet(i, i);
        }
        kinds = new int[size];
        arguments = new long[size];
        instants = new long[size];
        subjects = new Object[size];
    }

    int capacity() {
        return mask + 1;
    }

    /** Puts an event in; false if there is no room. */
    boolean offer(int itsKind, T itsSubject, long itsArgument, long itsInstantNs) {
        while (true) {
            long position = tail.get();
            int cell = (int) position & mask;
            long ahead = turns.get(cell) - position;
            if (ahead < 0) {
                return false;
            }
            if (ahead == 0 && tail.compareAndSet(position, position + 1)) {
                kinds[cell] = itsKind;
                arguments[cell] = itsArgument;
                instants[cell] = itsInstantNs;
                subjects[cell] = itsSubject;
                turns.lazySet(cell, position + 1);
                return true;
            }
        }
    }

    /** Moves on to the next event; false if there is none, or if its producer is not done with it yet. */
    boolean next() {
        long position = head.get();
        int cell = (int) position & mask;
        if (turns.get(cell) != position + 1) {
            return false;
        }
        kind = kinds[cell];
        argument = arguments[cell];
        atNs = instants[cell];
        subject = subjects[cell];
        subjects[cell] = null;
        head.lazySet(position + 1);
        turns.lazySet(cell, position + mask + 1);
        return true;
    }

    /** Whether a producer has claimed a cell that the consumer has not taken. */
    boolean isClaimed() {
        return head.get() != tail.get();
    }

    int kind() {
        return kind;
    }

    long argument() {
        return argument;
    }

    long atNs() {
        return atNs;
    }

    /** What the event at hand is about; it is let go of by this call. */
    @SuppressWarnings("unchecked") // offer put a T in
    T subject() {
        Object its = subject;
        if (its == null) {
            throw new IllegalStateException("no event at hand");
        }
        subject = null;
        return (T) its;
    }
}
