package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;

/**
 * Builds a {@link HeartbeatPolicy}. What is not set is as for {@link HeartbeatPolicy#client()}.
 *
 * <p>Single values are refused where they are set, combinations in {@link #build()}.
 *
 * <p><b>Threading:</b> confined to one thread; what it builds is immutable.
 */
public final class PolicyBuilder {
    IntervalStrategy interval = Defaults.INTERVAL;
    Quiet probeWhen = Quiet.OUTBOUND;
    AckTimeout ackTimeout = Defaults.ACK_TIMEOUT;
    Duration urgentAckTimeout = Defaults.URGENT_ACK_TIMEOUT;
    FailureDetector failureDetector = Defaults.FAILURE_DETECTOR;
    double jitter;
    Duration unwrittenDeadline = Defaults.UNWRITTEN_DEADLINE;
    boolean reverseProbe;
    Duration shortestAnnounced = Defaults.SHORTEST_ANNOUNCED;
    Duration longestAnnounced = Defaults.LONGEST_ANNOUNCED;

    PolicyBuilder() {}

    /**
     * Sets a fixed interval. Default: 30 s.
     *
     * @param interval greater than 0, at most a day
     * @return this builder
     * @throws IllegalArgumentException if {@code interval} is out of range
     */
    public PolicyBuilder interval(Duration interval) {
        Rules.checkLength("interval", interval, Rules.LONGEST_INTERVAL);
        return interval(IntervalStrategy.fixed(interval));
    }

    /**
     * Sets what decides when to speak next. Default: a fixed 30 s.
     *
     * @param interval the strategy
     * @return this builder
     */
    public PolicyBuilder interval(IntervalStrategy interval) {
        this.interval = requireNonNull(interval, "interval");
        return this;
    }

    /**
     * Sets which silence makes a probe necessary. Default: {@link Quiet#OUTBOUND}.
     *
     * @param probeWhen {@link Quiet#NEVER} to listen only
     * @return this builder
     */
    public PolicyBuilder probeWhen(Quiet probeWhen) {
        this.probeWhen = requireNonNull(probeWhen, "probeWhen");
        return this;
    }

    /**
     * Sets a fixed time to wait for the answer to one probe. Default: 10 s.
     *
     * @param ackTimeout greater than 0, at most half an hour; not longer than the interval, checked by {@link #build()}
     * @return this builder
     * @throws IllegalArgumentException if {@code ackTimeout} is out of range
     */
    public PolicyBuilder ackTimeout(Duration ackTimeout) {
        Rules.checkLength("ackTimeout", ackTimeout, Rules.LONGEST_ACK_TIMEOUT);
        return ackTimeout(AckTimeout.fixed(ackTimeout));
    }

    /**
     * Sets what decides how long to wait for the answer to one probe. Default: a fixed 10 s.
     *
     * @param ackTimeout never longer than the interval, checked by {@link #build()}
     * @return this builder
     */
    public PolicyBuilder ackTimeout(AckTimeout ackTimeout) {
        this.ackTimeout = requireNonNull(ackTimeout, "ackTimeout");
        return this;
    }

    /**
     * Sets the ack timeout of a probe that is sent because the application came to the foreground or the network
     * changed. Default: 3 s. Where the ordinary ack timeout is shorter, that one holds.
     *
     * @param urgentAckTimeout greater than 0, at most half an hour
     * @return this builder
     * @throws IllegalArgumentException if {@code urgentAckTimeout} is out of range
     */
    public PolicyBuilder urgentAckTimeout(Duration urgentAckTimeout) {
        this.urgentAckTimeout = Rules.checkLength("urgentAckTimeout", urgentAckTimeout, Rules.LONGEST_ACK_TIMEOUT);
        return this;
    }

    /**
     * Sets what decides whether the peer is gone. Default: three consecutive misses.
     *
     * @param failureDetector one that judges silence, if the policy only listens; checked by {@link #build()}
     * @return this builder
     */
    public PolicyBuilder failureDetector(FailureDetector failureDetector) {
        this.failureDetector = requireNonNull(failureDetector, "failureDetector");
        return this;
    }

    /**
     * Sets how much earlier than planned a probe may be sent, as a share of the interval. Never later. Default: 0.
     *
     * @param jitter from 0 to 0.5
     * @return this builder
     * @throws IllegalArgumentException if {@code jitter} is out of range
     */
    public PolicyBuilder jitter(double jitter) {
        this.jitter = Rules.checkJitter(jitter);
        return this;
    }

    /**
     * Sets how long a probe may wait to be written while nothing at all leaves. Default: 30 s.
     *
     * @param unwrittenDeadline greater than 0, at most half an hour
     * @return this builder
     * @throws IllegalArgumentException if {@code unwrittenDeadline} is out of range
     */
    public PolicyBuilder unwrittenDeadline(Duration unwrittenDeadline) {
        this.unwrittenDeadline = Rules.checkLength("unwrittenDeadline", unwrittenDeadline, Rules.LONGEST_ACK_TIMEOUT);
        return this;
    }

    /**
     * Sets whether a policy that only listens sends one probe before it declares a silent peer dead. Default: no.
     *
     * @param reverseProbe true only with {@link Quiet#NEVER}, checked by {@link #build()}
     * @return this builder
     */
    public PolicyBuilder reverseProbe(boolean reverseProbe) {
        this.reverseProbe = reverseProbe;
        return this;
    }

    /**
     * Sets the limits of what a peer may announce as its interval; what is outside is clamped, counted and told.
     * Default: from 1 s to 1 h.
     *
     * @param shortest greater than 0
     * @param longest at least {@code shortest}, at most a day
     * @return this builder
     * @throws IllegalArgumentException if one of them is out of range
     */
    public PolicyBuilder announcedBetween(Duration shortest, Duration longest) {
        Rules.checkAnnounced(shortest, longest);
        this.shortestAnnounced = shortest;
        this.longestAnnounced = longest;
        return this;
    }

    /**
     * Builds the policy.
     *
     * @return an immutable policy
     * @throws IllegalArgumentException if the parts contradict each other; the message names part, value and expectation
     */
    public HeartbeatPolicy build() {
        BuiltPolicy policy = new BuiltPolicy(this);
        Rules.of(policy);
        return policy;
    }
}
