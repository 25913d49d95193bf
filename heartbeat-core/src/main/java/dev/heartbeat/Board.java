package dev.heartbeat;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A monitor's counts where other threads can read them: written after each step, without allocation and without waiting
 * for anyone.
 *
 * <p>The first cell counts the writings, and is odd during one. A reader that met a number of a later writing sees that
 * the count has moved, since each store releases what was stored before it, and reads again.
 *
 * <p><b>Threading:</b> one thread writes, any reads.
 */
final class Board {
    private static final DeathCause.Kind[] KINDS = DeathCause.Kind.values();
    private static final int FIRST_KIND = 22;
    private static final int TRIES = 1000;

    private final AtomicLongArray cells = new AtomicLongArray(FIRST_KIND + KINDS.length);
    private long writings;

    void write(HeartbeatMonitor monitor) {
        Tally tally = monitor.tally;
        AtomicLongArray to = cells;
        to.lazySet(0, ++writings);
        to.lazySet(1, monitor.all.used() - tally.ending);
        to.lazySet(2, tally.opened);
        to.lazySet(3, tally.closed);
        to.lazySet(4, tally.suspects);
        to.lazySet(5, tally.recoveries);
        to.lazySet(6, tally.probes);
        to.lazySet(7, tally.acks);
        to.lazySet(8, tally.answeredByData);
        to.lazySet(9, tally.misses);
        to.lazySet(10, tally.lateAcks);
        to.lazySet(11, tally.refused);
        to.lazySet(12, tally.staleCalls);
        to.lazySet(13, tally.errors);
        to.lazySet(14, monitor.wheel.size());
        to.lazySet(15, monitor.wheel.entries());
        to.lazySet(16, tally.polls);
        to.lazySet(17, monitor.stalls.stalls());
        to.lazySet(18, monitor.stalls.stalledNs());
        to.lazySet(19, monitor.stalls.backwardJumps());
        to.lazySet(20, tally.lastLatenessNs);
        to.lazySet(21, tally.worstLatenessNs);
        for (int i = 0; i < KINDS.length; i++) {
            to.lazySet(FIRST_KIND + i, tally.deadBy(KINDS[i]));
        }
        to.lazySet(0, ++writings);
    }

    /** The counts as of one step; if the writer is stopped in the midst of it, perhaps of two. */
    MonitorStatistics read() {
        long[] seen = new long[cells.length()];
        for (int i = 0; i < TRIES; i++) {
            for (int cell = 0; cell < seen.length; cell++) {
                seen[cell] = cells.get(cell);
            }
            if ((seen[0] & 1) == 0 && cells.get(0) == seen[0]) {
                break;
            }
        }
        Map<DeathCause.Kind, Long> deadBy = new EnumMap<>(DeathCause.Kind.class);
        for (int i = 0; i < KINDS.length; i++) {
            deadBy.put(KINDS[i], seen[FIRST_KIND + i]);
        }
        return new MonitorStatistics(
                (int) seen[1],
                seen[2],
                seen[3],
                Collections.unmodifiableMap(deadBy),
                seen[4],
                seen[5],
                seen[6],
                seen[7],
                seen[8],
                seen[9],
                seen[10],
                seen[11],
                seen[12],
                seen[13],
                (int) seen[14],
                seen[15],
                seen[16],
                seen[17],
                Duration.ofNanos(seen[18]),
                seen[19],
                Duration.ofNanos(seen[20]),
                Duration.ofNanos(seen[21]));
    }
}
