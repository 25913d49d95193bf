package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/**
 * Settings of the ack timeout that learns from round trips. Begin at {@link AckTimeout#adaptive()}.
 *
 * <p><b>Threading:</b> confined to one thread; what {@link #build()} returns is immutable.
 */
public final class AckTimeoutBuilder {
    long initialNs = Duration.ofSeconds(5).toNanos();
    long shortestNs = Duration.ofSeconds(1).toNanos();
    long longestNs = Duration.ofSeconds(60).toNanos();
    long granularityNs = Duration.ofMillis(10).toNanos();
    boolean numberedProbes;

    AckTimeoutBuilder() {}

    /**
     * Sets the timeout before the first round trip is known; the bounds hold for it too. Default: 5 seconds.
     *
     * @param timeout greater than 0
     * @return this builder
     * @throws IllegalArgumentException if {@code timeout} is not greater than 0
     */
    public AckTimeoutBuilder initial(Duration timeout) {
        initialNs = Checks.positiveNs("initial", timeout);
        return this;
    }

    /**
     * Sets the bounds. Default: from 1 second, which is also the least in RFC 6298, to 60 seconds.
     *
     * @param shortest greater than 0
     * @param longest at least {@code shortest}
     * @return this builder
     * @throws IllegalArgumentException if either is out of range
     */
    public AckTimeoutBuilder between(Duration shortest, Duration longest) {
        long least = Checks.positiveNs("shortest", shortest);
        long most = Checks.positiveNs("longest", longest);
        Checks.require(most >= least, "longest", longest, ">= shortest " + shortest);
        shortestNs = least;
        longestNs = most;
        return this;
    }

    /**
     * Sets the granularity of the clock and of whoever reads it, the least that is added to the round trip. Default:
     * 10 milliseconds, the usual tick of a wheel.
     *
     * @param granularity greater than 0
     * @return this builder
     * @throws IllegalArgumentException if {@code granularity} is not greater than 0
     */
    public AckTimeoutBuilder granularity(Duration granularity) {
        granularityNs = Checks.positiveNs("granularity", granularity);
        return this;
    }

    /**
     * Tells that each ack names its probe, so that the first ack after a miss can be learnt from too. Default: no, and
     * by Karn's rule it is not learnt from and the doubled timeout stays for one more probe.
     *
     * @param value true if probes carry a number that the ack repeats
     * @return this builder
     */
    public AckTimeoutBuilder numberedProbes(boolean value) {
        numberedProbes = value;
        return this;
    }

    /**
     * Builds the ack timeout.
     *
     * @return an immutable ack timeout
     */
    public AckTimeout build() {
        return new AdaptiveAckTimeout(this);
    }
}
