package dev.heartbeat;

/**
 * The observer's clock: takes out of every silence the time in which we ourselves did not run.
 *
 * <p>Without it a garbage collection, a SIGSTOP or a suspended machine makes everyone look dead who could not be heard
 * meanwhile. A turn that comes later than the wheel had asked for, by more than is tolerated, is a stall: it counts
 * against nobody, so nobody is judged before the input that waited has been read and the rest of the usual time has
 * passed. Those that really died meanwhile are found by as much later as the stall was long. Where one stall follows
 * upon another, the time goes on by what was planned, or tolerated: a host that is late by habit finds the dead late, but
 * finds them.
 *
 * <p>A clock that jumps forward looks the same and is treated the same. One that jumps backward is bent straight here:
 * {@link #at} makes the monitor's own time go on from where it was.
 */
final class StallGuard {
    private static final int REMEMBERED = 64;

    private final long toleranceNs;
    private final long[] endNs = new long[REMEMBERED];
    private final long[] spanNs = new long[REMEMBERED]; // from its beginning to its end
    private final long[] lengthNs = new long[REMEMBERED]; // how much of the span we were stalled
    private int size;
    private boolean late;

    private long lastTurnNs;
    private long offsetNs;

    private long stalls;
    private long stalledNs;
    private long backwardJumps;

    StallGuard(long toleranceNs, long startNs) {
        this.toleranceNs = toleranceNs;
        lastTurnNs = startNs;
    }

    /**
     * The monitor's clock for an instant between two turns. It never reads less than at the last turn: what is marked
     * after the host's clock has gone backward, and before a turn has noticed, happened after that turn all the same.
     */
    long at(long hostNs) {
        long nowNs = hostNs + offsetNs;
        return nowNs - lastTurnNs < 0 ? lastTurnNs : nowNs;
    }

    /** What to add to the host's clock to get the monitor's, for instants that may lie before the last turn. */
    long offsetNs() {
        return offsetNs;
    }

    /** The last turn, on the monitor's clock. */
    long lastTurnNs() {
        return lastTurnNs;
    }

    /**
     * A turn begins.
     *
     * @param hostNs the host's clock
     * @return the monitor's clock
     */
    long turn(long hostNs) {
        long nowNs = hostNs + offsetNs;
        if (nowNs - lastTurnNs < 0) {
            offsetNs += lastTurnNs - nowNs;
            nowNs = lastTurnNs;
            backwardJumps++;
        }
        return nowNs;
    }

    /**
     * Looks back on the time since the last turn.
     *
     * @param nowNs the monitor's clock
     * @param plannedNs how long after the last turn this one was wanted at the latest
     * @return how long we were stalled; 0 if we were not
     */
    long sinceLastTurn(long nowNs, long plannedNs) {
        long gapNs = nowNs - lastTurnNs;
        lastTurnNs = nowNs;
        if (plannedNs >= gapNs || gapNs - plannedNs <= toleranceNs) {
            late = false;
            return 0;
        }
        // A host that is late each time would never find anybody dead: from the second time on it is told as usual.
        long lengthNs = late ? gapNs - Math.max(plannedNs, toleranceNs) : gapNs;
        late = true;
        remember(nowNs, gapNs, lengthNs);
        stalls++;
        stalledNs += lengthNs;
        return lengthNs;
    }

    private void remember(long stallEndNs, long stallSpanNs, long stallLengthNs) {
        if (size == REMEMBERED) {
            coarsen();
        }
        endNs[size] = stallEndNs;
        spanNs[size] = stallSpanNs;
        lengthNs[size] = stallLengthNs;
        size++;
    }

    /** Two neighbours become one in the older half, so that the memory is the coarser the older it is. */
    private void coarsen() {
        int kept = 0;
        for (int i = 0; i < REMEMBERED / 2; i += 2) {
            spanNs[kept] = endNs[i + 1] - endNs[i] + spanNs[i];
            lengthNs[kept] = lengthNs[i] + lengthNs[i + 1];
            endNs[kept] = endNs[i + 1];
            kept++;
        }
        size = REMEMBERED - REMEMBERED / 2 + kept;
        System.arraycopy(endNs, REMEMBERED / 2, endNs, kept, size - kept);
        System.arraycopy(spanNs, REMEMBERED / 2, spanNs, kept, size - kept);
        System.arraycopy(lengthNs, REMEMBERED / 2, lengthNs, kept, size - kept);
    }

    /** How much of the time since an instant we were awake; at least 0. */
    long awakeNs(long sinceNs, long nowNs) {
        long awakeNs = nowNs - sinceNs;
        for (int i = size - 1; i >= 0; i--) {
            long overlapNs = endNs[i] - sinceNs;
            if (overlapNs <= 0) {
                break;
            }
            // What lies across the instant, a coarse memory above all, counts in proportion.
            awakeNs -= overlapNs >= spanNs[i] ? lengthNs[i] : (long) ((double) lengthNs[i] / spanNs[i] * overlapNs);
        }
        return Math.max(0, awakeNs);
    }

    long stalls() {
        return stalls;
    }

    long stalledNs() {
        return stalledNs;
    }

    long backwardJumps() {
        return backwardJumps;
    }
}
