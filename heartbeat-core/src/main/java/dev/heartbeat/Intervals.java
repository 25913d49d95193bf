package dev.heartbeat;

import dev.heartbeat.interval.Link;

/** When a connection speaks next: what its strategy answers, checked, jittered, and never longer than was announced. */
final class Intervals {
    private static final long LONGEST_NS = Rules.LONGEST_INTERVAL.toNanos();

    private final Connections all;
    private final Notices notices;
    private final long seed;
    private final LinkCursor link;

    Intervals(Connections all, Notices notices, long seed) {
        this.all = all;
        this.notices = notices;
        this.seed = seed;
        this.link = new LinkCursor(all);
    }

    Link link(int slot) {
        return link.at(slot);
    }

    /** What the strategy plans for this connection now. */
    long plannedNs(int slot, Rules its, long nowNs) {
        if (its.intervalIsFixed) {
            return its.fixedIntervalNs;
        }
        long intervalNs;
        try {
            intervalNs = its.interval.intervalNs(link.at(slot), nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
            return its.shortestIntervalNs();
        }
        if (intervalNs <= 0) {
            String message = "interval: " + intervalNs + " ns from " + its.interval + " (expected: > 0)";
            notices.errorLater(all.handle(slot), new IllegalStateException(message));
            return its.shortestIntervalNs();
        }
        return Math.min(intervalNs, LONGEST_NS);
    }

    /** A shorter plan counts at once, a longer one from the next probe on, which announces it. */
    long inForceNs(int slot, Rules its, long nowNs) {
        long plannedNs = plannedNs(slot, its, nowNs);
        long toldNs = all.told.intervalNs(slot);
        return toldNs > 0 ? Math.min(toldNs, plannedNs) : plannedNs;
    }

    /** Earlier by up to the policy's share, never later; the same until the next probe has been sent. */
    long jitteredNs(int slot, Rules its, long intervalNs) {
        if (its.jitter == 0) {
            return intervalNs;
        }
        double share = (mix(seed ^ all.handle(slot) ^ (long) all.probeId(slot) << 48) >>> 11) * 0x1.0p-53;
        return intervalNs - (long) (its.jitter * share * intervalNs);
    }

    /** SplitMix64's finalizer (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    private static long mix(long z) {
        long mixed = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
