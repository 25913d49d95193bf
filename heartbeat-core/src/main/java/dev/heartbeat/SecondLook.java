package dev.heartbeat;

import java.util.ArrayList;
import java.util.List;

/**
 * Connections that someone has begun to look at more closely, to be looked at once more a millisecond later.
 *
 * <p>A mark is a plain release store: at the very moment when a connection becomes suspect one may be on its way that
 * neither saw the suspicion nor was seen by it. By then it is seen by all.
 *
 * <p><b>Threading:</b> confined to the shard's thread.
 */
final class SecondLook {
    static final long AFTER_NS = 1_000_000L;

    private List<Watched> fresh = new ArrayList<>();
    private List<Watched> due = new ArrayList<>();
    private long dueNs;

    void add(Watched watched) {
        fresh.add(watched);
    }

    /** A step is over: those of it are due a millisecond from now, or after those that still wait. */
    void plan(long nowNs) {
        if (due.isEmpty() && !fresh.isEmpty()) {
            List<Watched> empty = due;
            due = fresh;
            fresh = empty;
            dueNs = nowNs + AFTER_NS;
        }
    }

    boolean isDue(long nowNs) {
        return !due.isEmpty() && dueNs - nowNs <= 0;
    }

    /** Takes one of those that are due. */
    Watched take() {
        return due.remove(due.size() - 1);
    }

    /** How long until some are due; {@link Long#MAX_VALUE} if there are none. */
    long delayNs(long nowNs) {
        return due.isEmpty() ? Long.MAX_VALUE : Math.max(0, dueNs - nowNs);
    }
}
