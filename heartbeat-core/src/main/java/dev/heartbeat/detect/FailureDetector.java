package dev.heartbeat.detect;

/**
 * Decides whether a peer is gone, from evidence that came and evidence that did not.
 *
 * <p>A detector never waits and never polls. It publishes two lengths of silence, {@link #suspectAfterNs} and
 * {@link #deadAfterNs}, which are asked for again after each piece of evidence, and the timer wheel does the
 * waiting; and it gives a verdict on each unanswered probe ({@link #onMiss}). Whichever says more counts.
 *
 * <p>An instance is an algorithm with its settings, shared by any number of connections. What it learns about one
 * of them it keeps in that {@linkplain Peer#state(int) peer's words}, so that a million connections cost a few
 * primitives each. A detector of your own overrides what it needs; this one gives up on a peer that left two
 * probes unanswered or that was silent for a minute:
 *
 * <pre>{@code
 * final class TwoMissesOrAMinute implements FailureDetector {
 *     public Verdict onMiss(Peer peer, long nowNs) {
 *         return peer.consecutiveMisses() >= 2 ? Verdict.DEAD : Verdict.SUSPECT;
 *     }
 *     public long deadAfterNs(Peer peer) {
 *         return TimeUnit.MINUTES.toNanos(1);
 *     }
 *     public double suspicion(Peer peer, long nowNs) {
 *         return Math.max(peer.consecutiveMisses() / 2.0, peer.silenceNs(nowNs) / 60e9);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threading:</b> instances must be safe for several threads, which they are when they are immutable. Each
 * call is made by the thread that owns the connection.
 */
public interface FailureDetector {
    /** Returned for a length of silence that never ends: silence alone proves nothing to this detector. */
    long NEVER = Long.MAX_VALUE;

    /**
     * How many words of memory this detector needs for each connection. Asked once, when a policy is first used.
     *
     * @return from 0, the default, to 65 536; constant for an instance
     */
    default int stateLongs() {
        return 0;
    }

    /**
     * A connection has been opened, or has changed to this detector. Its words are 0.
     *
     * @param peer the connection, valid during this call
     * @param nowNs the present instant
     */
    default void onOpened(Peer peer, long nowNs) {}

    /**
     * A heartbeat of the peer arrived: its ping, its beat, or its ack to our probe. Plain data is evidence too, but
     * is only seen through {@link Peer#lastReceivedNs()}, since a packet costs no more than a store.
     *
     * @param peer the connection, valid during this call
     * @param nowNs when it arrived
     */
    default void onHeartbeat(Peer peer, long nowNs) {}

    /**
     * A numbered heartbeat of the peer arrived. Like {@link #onHeartbeat(Peer, long)}, to which it defaults.
     *
     * @param peer the connection, valid during this call
     * @param sequence the peer's count, one more with each heartbeat that it sends
     * @param nowNs when it arrived
     */
    default void onHeartbeat(Peer peer, long sequence, long nowNs) {
        onHeartbeat(peer, nowNs);
    }

    /**
     * Our probe was answered in time. The ack has already been told as a heartbeat.
     *
     * @param peer the connection, valid during this call
     * @param roundTripNs from the probe's leaving to the ack's arrival, at least 0
     * @param nowNs when it arrived
     */
    default void onAck(Peer peer, long roundTripNs, long nowNs) {}

    /**
     * An ack came after its probe had been counted as a miss. It has already been told as a heartbeat.
     *
     * @param peer the connection, valid during this call
     * @param nowNs when it arrived
     */
    default void onLateAck(Peer peer, long nowNs) {}

    /**
     * A probe stayed unanswered for its ack timeout, and nothing else arrived meanwhile either.
     * {@link Peer#consecutiveMisses()} counts it already.
     *
     * @param peer the connection, valid during this call
     * @param nowNs the present instant
     * @return what this detector now thinks; {@link Verdict#TRUST} by default
     */
    default Verdict onMiss(Peer peer, long nowNs) {
        return Verdict.TRUST;
    }

    /**
     * The silence after which the peer is suspected. Asked again after each piece of evidence.
     *
     * @param peer the connection, valid during this call
     * @return a length in nanoseconds since {@link Peer#lastReceivedNs()}; 0 or less: at once; {@link #NEVER}, the
     *     default: not by silence
     */
    default long suspectAfterNs(Peer peer) {
        return NEVER;
    }

    /**
     * The silence after which the peer is dead. Asked again after each piece of evidence.
     *
     * @param peer the connection, valid during this call
     * @return a length in nanoseconds since {@link Peer#lastReceivedNs()}; 0 or less: at once; {@link #NEVER}, the
     *     default: not by silence
     */
    default long deadAfterNs(Peer peer) {
        return NEVER;
    }

    /**
     * The degree of belief that the peer is gone. Without new evidence it never falls as time goes by.
     *
     * @param peer the connection, valid during this call
     * @param nowNs the present instant
     * @return 0 for none; 1 or more where this detector says {@link Verdict#DEAD}
     */
    double suspicion(Peer peer, long nowNs);

    /**
     * The reasons in words, with their numbers, for a log or a person.
     *
     * @param peer the connection, valid during this call
     * @param nowNs the present instant
     * @return one line
     */
    default String explain(Peer peer, long nowNs) {
        return String.format(
                "%s: suspicion %.2f after %.3f s of silence and %d consecutive misses",
                this, suspicion(peer, nowNs), peer.silenceNs(nowNs) / 1e9, peer.consecutiveMisses());
    }
}
