package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/**
 * How long one probe waits for its ack before it counts as a miss.
 *
 * <p>It is not the interval, which tells when the next probe leaves, and not a verdict: a {@link FailureDetector}
 * weighs the misses. Like a detector it is an algorithm with its settings, shared by all connections, and keeps
 * what it learns about one of them in that peer's words. A probe's timeout is asked for when it has left, and again
 * whenever the connection is looked at until the answer: meanwhile it should not change.
 *
 * <p><b>Threading:</b> instances must be safe for several threads, which they are when they are immutable. Each
 * call is made by the thread that owns the connection.
 */
public interface AckTimeout {
    /**
     * How long to wait for the ack to a probe that has just left.
     *
     * @param peer the connection, valid during this call
     * @return a length in nanoseconds, greater than 0 and at most {@link #longestNs()}
     */
    long timeoutNs(Peer peer);

    /**
     * The longest wait that {@link #timeoutNs} may ever ask for.
     *
     * @return a length in nanoseconds, greater than 0; constant for an instance
     */
    long longestNs();

    /**
     * How many words of memory this ack timeout needs for each connection. Asked once, when a policy is first used.
     *
     * @return from 0, the default, to 65 536; constant for an instance
     */
    default int stateLongs() {
        return 0;
    }

    /**
     * A probe was answered in time.
     *
     * @param peer the connection, valid during this call; its words are this ack timeout's own, 0 at first
     * @param roundTripNs from the probe's leaving to the ack's arrival, at least 0
     * @param nowNs when it arrived
     */
    default void onAck(Peer peer, long roundTripNs, long nowNs) {}

    /**
     * A probe stayed unanswered for its whole timeout.
     *
     * @param peer the connection, valid during this call; its words are this ack timeout's own, 0 at first
     * @param nowNs the present instant
     */
    default void onMiss(Peer peer, long nowNs) {}

    /**
     * Always the same.
     *
     * @param timeout greater than 0
     * @return the ack timeout
     * @throws IllegalArgumentException if {@code timeout} is not greater than 0
     */
    static AckTimeout fixed(Duration timeout) {
        return new FixedAckTimeout(Checks.positiveNs("timeout", timeout));
    }

    /**
     * Learns from round trips, as TCP's retransmission timer does (RFC 6298): smoothed round trip plus four times its
     * deviation within bounds, doubled with each miss until a round trip is measured again.
     *
     * @return a builder
     */
    static AckTimeoutBuilder adaptive() {
        return new AckTimeoutBuilder();
    }
}
