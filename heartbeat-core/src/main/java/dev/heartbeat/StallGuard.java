package dev.heartbeat;

/**
 * The observer's clock: takes out of every silence the time in which we ourselves did not run.
 *
 * <p>Without it a garbage collection, a SIGSTOP or a suspended machine makes everyone look dead who could not be heard
 * meanwhile. A turn that comes later than the wheel had asked for, by more than is tolerated, is a stall: it counts
 * against nobody, so nobody is judged before the input that waited has been read and the rest of the usual time has
 * passed. Those that really died meanwhile are found by as much later as the stall was long.
 *
 * <p>A clock that jumps forward looks the same and is treated the same. One that jumps backward is bent straight here:
 * {@link #offsetNs()} makes the monitor's own time go on from where it was.
 */
final class StallGuard {
    private static final int REMEMBERED = 64;

    private final long toleranceNs;
    private final long[] endNs = new long[REMEMBERED];
    private final long[] lengthNs = new long[REMEMBERED];
    private int size;

    private long lastTurnNs;
    private long offsetNs;

    private long stalls;
    private long stalledNs;
    private long backwardJumps;

    StallGuard(long toleranceNs, long startNs) {
        this.toleranceNs = toleranceNs;
        lastTurnNs = startNs;
    }

    /** What to add to the host's clock to get the monitor's. */
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
            return 0;
        }
        remember(nowNs, gapNs);
        stalls++;
        stalledNs += gapNs;
        return gapNs;
    }

    private void remember(long stallEndNs, long stallLengthNs) {
        if (size == REMEMBERED) {
            // The two oldest become one: its length stays true, its place is a little late.
            lengthNs[1] += lengthNs[0];
            System.arraycopy(endNs, 1, endNs, 0, size - 1);
            System.arraycopy(lengthNs, 1, lengthNs, 0, size - 1);
            size--;
        }
        endNs[size] = stallEndNs;
        lengthNs[size] = stallLengthNs;
        size++;
    }

    /** How much of the time since an instant we were awake; at least 0. */
    long awakeNs(long sinceNs, long nowNs) {
        long awakeNs = nowNs - sinceNs;
        for (int i = size - 1; i >= 0; i--) {
            long overlapNs = endNs[i] - sinceNs;
            if (overlapNs <= 0) {
                break;
            }
            awakeNs -= Math.min(overlapNs, lengthNs[i]);
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
