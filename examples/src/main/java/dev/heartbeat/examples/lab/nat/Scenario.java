package dev.heartbeat.examples.lab.nat;

import java.util.SplittableRandom;

/**
 * What the path does, as a function of time. Times are nanoseconds since the run began.
 *
 * @param label for the table
 * @param timeoutNs the idle timeout at first
 * @param change another timeout from some time on
 * @param elsewhere a second network, visited in turn
 * @param outages times at which nothing passes
 * @param loss the share of messages that stay unanswered
 * @param durationNs how long the run is
 * @param capNs the longest interval that is allowed
 */
record Scenario(
        String label,
        long timeoutNs,
        Change change,
        Elsewhere elsewhere,
        Outages outages,
        double loss,
        long durationNs,
        long capNs) {

    static final long SECOND = 1_000_000_000L;
    static final long HOUR = 3_600 * SECOND;
    static final long DAY = 24 * HOUR;

    /** The timeout becomes another one; never if {@code atNs} lies behind the end. */
    record Change(long timeoutNs, long atNs) {
        static final Change NONE = new Change(0, Long.MAX_VALUE);
    }

    /** The device spends every second period on another network; never if the period lies behind the end. */
    record Elsewhere(long timeoutNs, long periodNs) {
        static final Elsewhere NONE = new Elsewhere(0, Long.MAX_VALUE);
    }

    /** About once per period nothing passes for about a length. */
    record Outages(long lengthNs, long periodNs) {
        static final Outages NONE = new Outages(0, Long.MAX_VALUE);
    }

    int network(long nowNs) {
        return (int) (nowNs / elsewhere.periodNs() % 2);
    }

    /** When the network changes next. */
    long nextSwitchNs(long nowNs) {
        return elsewhere.equals(Elsewhere.NONE)
                ? Long.MAX_VALUE
                : (nowNs / elsewhere.periodNs() + 1) * elsewhere.periodNs();
    }

    long timeoutNs(long nowNs) {
        if (network(nowNs) == 1) {
            return elsewhere.timeoutNs();
        }
        return nowNs >= change.atNs() ? change.timeoutNs() : timeoutNs;
    }

    /** From when on the answer is sought: the change, if there is one. */
    long searchedFromNs() {
        return change.equals(Change.NONE) ? 0 : change.atNs();
    }

    double idealMessagesPerDay() {
        double sum = 0;
        int steps = 1_000;
        for (int i = 0; i < steps; i++) {
            long at = (long) ((i + 0.5) / steps * durationNs);
            sum += (double) DAY / Math.min(timeoutNs(at), capNs);
        }
        return sum / steps;
    }

    /** The outages of one run: start and end in turn. */
    long[] drawOutages(long seed) {
        if (outages.equals(Outages.NONE)) {
            return new long[0];
        }
        SplittableRandom random = new SplittableRandom(seed * 31 + 7);
        int count = (int) (durationNs / outages.periodNs());
        long[] times = new long[2 * count];
        for (int i = 0; i < count; i++) {
            long length = (long) (outages.lengthNs() * (0.85 + 0.3 * random.nextDouble()));
            long start = i * outages.periodNs() + (long) (random.nextDouble() * (outages.periodNs() - length));
            times[2 * i] = start;
            times[2 * i + 1] = start + length;
        }
        return times;
    }
}
