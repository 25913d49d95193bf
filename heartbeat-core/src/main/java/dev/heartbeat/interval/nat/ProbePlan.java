package dev.heartbeat.interval.nat;

import java.util.Arrays;

/** The idle times to try next, ascending, and how a ladder and a bracket become such a list. */
final class ProbePlan {
    /** With lanes side by side, rungs this far apart and two rounds of cuts are about the fewest probes in all. */
    private static final double WIDE_STEP = 2.65;

    /** A little less than doubling: five cuts in two then end a bracket at 2 %. */
    private static final double STEP = 1.9;

    private static final int LANES_FOR_WIDE_STEPS = 4;

    private final Bounds bounds;
    private long[] timesNs = new long[8];
    private int count;

    ProbePlan(Bounds bounds) {
        this.bounds = bounds;
    }

    boolean isEmpty() {
        return count == 0;
    }

    long firstNs() {
        return timesNs[0];
    }

    void removeFirst() {
        count--;
        System.arraycopy(timesNs, 1, timesNs, 0, count);
    }

    void clear() {
        count = 0;
    }

    void add(long idleNs) {
        if (count == timesNs.length) {
            timesNs = Arrays.copyOf(timesNs, 2 * count);
        }
        int at = count++;
        while (at > 0 && timesNs[at - 1] > idleNs) {
            timesNs[at] = timesNs[at - 1];
            at--;
        }
        timesNs[at] = idleNs;
    }

    void keepWithin(long aboveNs, long belowNs) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (timesNs[i] > aboveNs && timesNs[i] < belowNs) {
                timesNs[kept++] = timesNs[i];
            }
        }
        count = kept;
    }

    /** Up the ladder as long as nothing is proven or nothing has failed, then cut what lies between. */
    void search(Bracket known, long safeNs, int lanes) {
        long highNs = known.failedOr(bounds.maxNs());
        if (!known.hasFailed() || !known.hasProven()) {
            ladder(known.provenNs(), highNs, lanes);
            if (!isEmpty()) {
                return;
            }
        }
        long lowNs = known.provenNs();
        if (!known.hasProven()) {
            lowNs = highNs > safeNs ? safeNs : bounds.minNs();
        }
        bracket(lowNs, highNs, lanes);
        if (isEmpty()) {
            add(lowNs);
        }
    }

    /** Rungs between two times, counted down from the maximum so that the last step up is a full one. */
    void ladder(long aboveNs, long belowNs, int lanes) {
        double step = lanes >= LANES_FOR_WIDE_STEPS ? WIDE_STEP : STEP;
        SearchScale scale = bounds.scale();
        long lowestNs = Math.max(aboveNs, 2 * bounds.safeStartNs());
        for (double rung = bounds.maxNs() / step; rung > lowestNs; rung /= step) {
            long ns = (long) rung;
            if (scale.cells(ns, belowNs) > 1 && scale.cells(aboveNs, ns) > 1) {
                add(ns);
            }
        }
    }

    /** Cuts a bracket so that this round ends the search, or else so that the next one will. */
    private void bracket(long lowNs, long highNs, int lanes) {
        int cells = bounds.scale().cells(lowNs, highNs);
        int parts = cells;
        if (lanes == 1) {
            parts = Math.min(cells, 2);
        } else if (cells > lanes + 1) {
            parts = Math.min(lanes + 1, (int) Math.ceil(Math.sqrt(cells)));
        }
        if (parts > 1) {
            for (long cutNs : bounds.scale().cuts(lowNs, highNs, parts)) {
                if (cutNs > lowNs && cutNs < highNs) {
                    add(cutNs);
                }
            }
        }
    }
}
