package dev.heartbeat.interval.nat;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/**
 * What the search for an idle timeout keeps to.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class Bounds {
    private static final double DEFAULT_RELATIVE = 0.02;
    private static final Duration DEFAULT_ABSOLUTE = Duration.ofSeconds(2);

    private final long minNs;
    private final long maxNs;
    private final long safeStartNs;
    private final long growthFirstNs;
    private final long growthLongestNs;
    private final SearchScale scale;

    private Bounds(Builder from) {
        this.minNs = from.minNs;
        this.maxNs = from.maxNs;
        this.safeStartNs = from.hasSafeStart ? from.safeStartNs : Math.max(minNs, Math.min(10_000_000_000L, maxNs));
        this.growthFirstNs = from.growthFirstNs;
        this.growthLongestNs = from.growthLongestNs;
        this.scale = new SearchScale(from.relative, from.absoluteNs);
    }

    /**
     * Starts from the defaults.
     *
     * @param min the shortest interval that is ever used, greater than 0
     * @param max the longest interval that is ever used, at least {@code min}
     * @return a builder
     * @throws IllegalArgumentException if one is out of its range
     */
    public static Builder between(Duration min, Duration max) {
        return new Builder(min, max);
    }

    long minNs() {
        return minNs;
    }

    long maxNs() {
        return maxNs;
    }

    long safeStartNs() {
        return safeStartNs;
    }

    long growthFirstNs() {
        return growthFirstNs;
    }

    long growthLongestNs() {
        return growthLongestNs;
    }

    SearchScale scale() {
        return scale;
    }

    long clamp(long intervalNs) {
        return Math.max(minNs, Math.min(maxNs, intervalNs));
    }

    /**
     * Sets what the search keeps to.
     *
     * <p><b>Threading:</b> confined to one thread.
     */
    public static final class Builder {
        private final long minNs;
        private final long maxNs;
        private boolean hasSafeStart;
        private long safeStartNs;
        private double relative = DEFAULT_RELATIVE;
        private long absoluteNs = DEFAULT_ABSOLUTE.toNanos();
        private long growthFirstNs = Duration.ofHours(6).toNanos();
        private long growthLongestNs = Duration.ofHours(22).toNanos();

        private Builder(Duration min, Duration max) {
            this.minNs = Checks.positiveNs("min", min);
            this.maxNs = Checks.positiveNs("max", max);
            Checks.require(maxNs >= minNs, "max", max, ">= min " + min);
        }

        /**
         * The interval until something is proven; below the shortest timeout that is thinkable. Default: 10 s, or
         * {@code min} if that is longer.
         *
         * @param safeStart within the bounds
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder safeStart(Duration safeStart) {
            long ns = Checks.positiveNs("safeStart", safeStart);
            Checks.require(
                    ns >= minNs && ns <= maxNs,
                    "safeStart",
                    safeStart,
                    "from " + Duration.ofNanos(minNs) + " to " + Duration.ofNanos(maxNs));
            this.safeStartNs = ns;
            this.hasSafeStart = true;
            return this;
        }

        /**
         * How well the timeout is to be known. Default: within 2 %, or 2 s where that is more.
         *
         * @param relative a share, from 0.001 to 0.5
         * @param absolute at least 1 ms
         * @return this builder
         * @throws IllegalArgumentException if one is out of its range
         */
        public Builder tolerance(double relative, Duration absolute) {
            this.relative = Checks.inRange("relative", relative, 0.001, 0.5);
            long ns = Checks.positiveNs("absolute", absolute);
            Checks.require(ns >= 1_000_000L, "absolute", absolute, ">= 1 ms");
            this.absoluteNs = ns;
            return this;
        }

        /**
         * When the path is asked whether it has become better. Default: after 6 h, then at distances that double up
         * to 22 h, so that the answer is there within a day; more rarely close to the maximum, where the probes would
         * cost more than they could save.
         *
         * @param first greater than 0
         * @param longest at least {@code first}
         * @return this builder
         * @throws IllegalArgumentException if one is out of its range
         */
        public Builder growth(Duration first, Duration longest) {
            this.growthFirstNs = Checks.positiveNs("first", first);
            this.growthLongestNs = Checks.positiveNs("longest", longest);
            Checks.require(growthLongestNs >= growthFirstNs, "longest", longest, ">= first " + first);
            return this;
        }

        /**
         * Makes the bounds.
         *
         * @return the bounds
         */
        public Bounds build() {
            return new Bounds(this);
        }
    }
}
