package dev.heartbeat;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connections that want to be looked at, from any number of threads to one.
 *
 * <p>A list linked through the connections themselves: nothing is allocated, and since a connection is in it once at
 * most, it is never full. That is why what must not be lost goes this way.
 *
 * <p><b>Threading:</b> {@link #post} and {@link #isEmpty} from any thread; {@link #takeAll} from the consumer's.
 */
final class Mailbox {
    private final AtomicReference<@Nullable Watched> top = new AtomicReference<>();

    /** Puts a connection in that is not in it. A full fence. */
    void post(Watched watched) {
        @Nullable Watched seen;
        do {
            seen = top.get();
            watched.next = seen;
        } while (!top.compareAndSet(seen, watched));
    }

    boolean isEmpty() {
        return top.get() == null;
    }

    /** Empties the box; the first posted comes first, linked by {@code next}. Null if there was none. */
    @Nullable
    Watched takeAll() {
        Watched newest = isEmpty() ? null : top.getAndSet(null);
        Watched first = null;
        while (newest != null) {
            Watched older = newest.next;
            newest.next = first;
            first = newest;
            newest = older;
        }
        return first;
    }
}
