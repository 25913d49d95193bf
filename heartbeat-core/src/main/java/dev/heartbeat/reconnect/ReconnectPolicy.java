package dev.heartbeat.reconnect;

import dev.heartbeat.internal.Checks;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a client comes back: exponential backoff with full jitter, and a budget.
 *
 * <p>The wait before an attempt is drawn evenly from 0 to a ceiling, which is {@code initial} for the first attempt and
 * grows by {@code multiplier} with each that fails, up to {@code max}. The first attempt is drawn as well: when a server
 * falls, all its clients notice in the same moment, and only a drawn wait keeps them from coming back in one. (Full
 * jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
 *
 * <p>A connection that opened does not yet make up for those that failed: the ceiling falls back to {@code initial} only
 * when a connection had lasted for {@code stableAfter}. Otherwise a server that accepts and drops would be called as fast
 * as it drops.
 *
 * <p>It is not the thing that counts: {@link #start(long)} makes that, one for each connection.
 *
 * <p><b>Threading:</b> immutable, shared by all connections.
 */
public final class ReconnectPolicy {
    private static final ReconnectPolicy CLIENT = builder().build();

    private final long initialNs;
    private final long maxNs;
    private final double multiplier;
    private final long stableAfterNs;
    private final long longestReturnNs;
    private final boolean hasBudget;
    private final int budgetAttempts;
    private final long budgetPerAttemptNs;

    private ReconnectPolicy(Builder builder) {
        initialNs = builder.initialNs;
        maxNs = builder.maxNs;
        multiplier = builder.multiplier;
        stableAfterNs = builder.stableAfterNs;
        longestReturnNs = builder.longestReturnNs;
        hasBudget = builder.hasBudget;
        budgetAttempts = builder.budgetAttempts;
        budgetPerAttemptNs = builder.budgetPerAttemptNs;
    }

    /**
     * For a client that someone is waiting for: first wait up to 1 second, ceiling doubled up to 2 minutes, stable after
     * 30 seconds, no budget.
     *
     * @return always the same
     */
    public static ReconnectPolicy client() {
        return CLIENT;
    }

    /**
     * Begins one of one's own.
     *
     * @return a builder with the values of {@link #client()}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts to count for one connection, which is not there yet: the wait for its first attempt is drawn at once.
     * Its seed is one that no two devices share, even if they are copies of one image that were switched on together.
     *
     * @param nowNs an instant; any origin
     * @return the state of that connection
     */
    public Reconnect start(long nowNs) {
        return start(nowNs, new SecureRandom().nextLong());
    }

    /**
     * Starts to count for one connection, with waits that can be had again.
     *
     * @param nowNs an instant; any origin
     * @param seed any; not the same on all devices
     * @return the state of that connection
     */
    public Reconnect start(long nowNs, long seed) {
        return start(nowNs, new SplitMix(seed));
    }

    /**
     * Starts to count for one connection, with someone else's random numbers.
     *
     * @param nowNs an instant; any origin
     * @param random all 64 bits evenly distributed; called in the thread that uses the result
     * @return the state of that connection
     */
    public Reconnect start(long nowNs, LongSupplier random) {
        return new Reconnect(this, random, nowNs);
    }

    /**
     * The ceiling of the first wait.
     *
     * @return greater than zero
     */
    public Duration initial() {
        return Duration.ofNanos(initialNs);
    }

    /**
     * The highest ceiling.
     *
     * @return {@link #initial()} or more
     */
    public Duration max() {
        return Duration.ofNanos(maxNs);
    }

    /**
     * By how much the ceiling grows with each failure.
     *
     * @return 1 or more
     */
    public double multiplier() {
        return multiplier;
    }

    /**
     * How long a connection must last before it makes up for those that failed.
     *
     * @return zero or more
     */
    public Duration stableAfter() {
        return Duration.ofNanos(stableAfterNs);
    }

    /**
     * The longest window that a server may name.
     *
     * @return greater than zero
     */
    public Duration longestReturn() {
        return Duration.ofNanos(longestReturnNs);
    }

    long initialNs() {
        return initialNs;
    }

    long stableAfterNs() {
        return stableAfterNs;
    }

    long longestReturnNs() {
        return longestReturnNs;
    }

    boolean hasBudget() {
        return hasBudget;
    }

    int budgetAttempts() {
        return budgetAttempts;
    }

    long budgetPerAttemptNs() {
        return budgetPerAttemptNs;
    }

    /** The ceiling after one more failure; saturates. */
    long nextCeilingNs(long ceilingNs) {
        double nextNs = Math.ceil(ceilingNs * multiplier);
        return nextNs >= maxNs ? maxNs : (long) nextNs;
    }

    long clampToMaxNs(long ns) {
        return Math.min(ns, maxNs);
    }

    @Override
    public String toString() {
        return "ReconnectPolicy(initial=" + initial() + ", max=" + max() + ", multiplier=" + multiplier
                + ", stableAfter="
                + stableAfter()
                + (hasBudget ? ", budget=" + budgetAttempts + ", one per " + Duration.ofNanos(budgetPerAttemptNs) : "")
                + ")";
    }

    /**
     * Builds a {@link ReconnectPolicy}.
     *
     * <p><b>Threading:</b> confined to one thread.
     */
    public static final class Builder {
        private long initialNs = Duration.ofSeconds(1).toNanos();
        private long maxNs = Duration.ofMinutes(2).toNanos();
        private double multiplier = 2;
        private long stableAfterNs = Duration.ofSeconds(30).toNanos();
        private long longestReturnNs = Duration.ofMinutes(15).toNanos();
        private boolean hasBudget;
        private int budgetAttempts;
        private long budgetPerAttemptNs;

        private Builder() {}

        /**
         * Sets the ceiling of the first wait. Default: 1 second. The more clients a server has, the longer: n clients
         * that lose their server come back at n / {@code initial} a second.
         *
         * @param initial greater than zero, not above max
         * @return this builder
         * @throws IllegalArgumentException if not greater than zero
         */
        public Builder initial(Duration initial) {
            initialNs = Checks.positiveNs("initial", initial);
            return this;
        }

        /**
         * Sets the highest ceiling. Default: 2 minutes.
         *
         * @param max initial or more; checked by {@link #build()}
         * @return this builder
         * @throws IllegalArgumentException if not greater than zero
         */
        public Builder max(Duration max) {
            maxNs = Checks.positiveNs("max", max);
            return this;
        }

        /**
         * Sets by how much the ceiling grows with each failure. Default: 2.
         *
         * @param multiplier from 1 (never grows) to 1000
         * @return this builder
         * @throws IllegalArgumentException if out of range or not a number
         */
        public Builder multiplier(double multiplier) {
            this.multiplier = Checks.inRange("multiplier", multiplier, 1, 1000);
            return this;
        }

        /**
         * Sets how long a connection must last before it makes up for those that failed. Default: 30 seconds.
         *
         * @param stableAfter zero (opening is enough) or more
         * @return this builder
         * @throws IllegalArgumentException if negative
         */
        public Builder stableAfter(Duration stableAfter) {
            stableAfterNs = Checks.nonNegativeNs("stableAfter", stableAfter);
            return this;
        }

        /**
         * Sets the longest window in which a server may ask its clients to return. Default: 15 minutes. A longer one is
         * cut to it, so that a server cannot send its clients away for good.
         *
         * @param longestReturn greater than zero
         * @return this builder
         * @throws IllegalArgumentException if not greater than zero
         */
        public Builder longestReturn(Duration longestReturn) {
            longestReturnNs = Checks.positiveNs("longestReturn", longestReturn);
            return this;
        }

        /**
         * Sets how many attempts may be made, as a token bucket: full at first, one token an attempt, one token back
         * every {@code per / attempts}. So within any length w there are at most {@code attempts} + w · {@code attempts} /
         * {@code per}. What it is for is a client that nobody is looking at. Default: none.
         *
         * @param attempts from 1 to 1,000,000
         * @param per greater than zero
         * @return this builder
         * @throws IllegalArgumentException if either is out of range
         */
        public Builder budget(int attempts, Duration per) {
            int checkedAttempts = Checks.inRange("attempts", attempts, 1, 1_000_000);
            long perNs = Checks.positiveNs("per", per);
            budgetAttempts = checkedAttempts;
            budgetPerAttemptNs = perNs / attempts + (perNs % attempts == 0 ? 0 : 1); // never more than was allowed
            hasBudget = true;
            return this;
        }

        /**
         * Builds the policy.
         *
         * @return it
         * @throws IllegalArgumentException if {@code max} is less than {@code initial}
         */
        public ReconnectPolicy build() {
            Checks.require(
                    maxNs >= initialNs, "max", Duration.ofNanos(maxNs), ">= initial " + Duration.ofNanos(initialNs));
            return new ReconnectPolicy(this);
        }
    }
}
