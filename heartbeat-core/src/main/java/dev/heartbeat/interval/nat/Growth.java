package dev.heartbeat.interval.nat;

/** When the idle time that failed is tried again. */
final class Growth {
    /** The share of what growth could save at best that the search for it may cost. */
    private static final double COST = 0.06;

    private static final double MESSAGES_PER_PROBE = 2;
    private static final double LONGEST_NS = 400 * 86_400e9;

    private final Bounds bounds;
    private boolean trying;
    private boolean scheduled;
    private long dueNs;
    private long distanceNs;

    Growth(Bounds bounds) {
        this.bounds = bounds;
    }

    boolean isTrying() {
        return trying;
    }

    void clear() {
        trying = false;
        scheduled = false;
    }

    void found() {
        clear();
    }

    void settled(long provenNs, boolean hasFailed, long nowNs) {
        trying = false;
        distanceNs = bounds.growthFirstNs();
        schedule(provenNs, hasFailed, nowNs);
    }

    void failed(long provenNs, long nowNs) {
        trying = false;
        distanceNs = Math.min(bounds.growthLongestNs(), 2 * distanceNs);
        schedule(provenNs, true, nowNs);
    }

    private void schedule(long provenNs, boolean hasFailed, long nowNs) {
        scheduled = true;
        dueNs = nowNs + (hasFailed ? Math.max(distanceNs, worthwhileNs(provenNs)) : distanceNs);
    }

    /** Close to the maximum little can be won. */
    private long worthwhileNs(long provenNs) {
        double savedPerNs = 1.0 / provenNs - 1.0 / bounds.maxNs();
        return (long) Math.min(LONGEST_NS, savedPerNs <= 0 ? LONGEST_NS : MESSAGES_PER_PROBE / (COST * savedPerNs));
    }

    long leftNs(long nowNs) {
        return scheduled ? Math.max(0, dueNs - nowNs) : Long.MAX_VALUE;
    }

    boolean begin(long nowNs) {
        if (scheduled && dueNs - nowNs <= 0) {
            scheduled = false;
            trying = true;
        }
        return trying;
    }
}
