package dev.heartbeat.interval;

import java.time.Duration;

/**
 * When to speak next: the planned time between our probes or, for a policy that only listens, between the peer's.
 *
 * <p>Not to be confused with the ack timeout, which is how long one probe waits for its answer. A strategy is asked
 * again each time that the next probe is planned, so it may answer differently by phase, by hour or by what it has
 * learned. A shorter answer counts at once; a longer one from the next probe on, which announces it to the peer, so
 * that a server whose window follows the announced interval never cuts a healthy client.
 *
 * <p><b>Threading:</b> the built-in ones are immutable. An instance may serve many connections, each call being made
 * by the thread that owns the connection; one that keeps state is either used by connections of one thread or safe
 * for several.
 */
public interface IntervalStrategy {
    /**
     * The interval for this connection now.
     *
     * @param link the connection, valid during this call
     * @param nowNs the present instant of the caller's clock
     * @return a length in nanoseconds, greater than 0; what is not, and an exception, is counted and told as an error, and
     *     the {@link #shortestNs()}, or a second if there is none, is used instead
     */
    long intervalNs(Link link, long nowNs);

    /**
     * The shortest interval that this strategy ever answers, against which a policy is checked when it is built. Where
     * it cannot tell, an ack timeout longer than the interval of the moment is cut to it.
     *
     * @return a length in nanoseconds, greater than 0; 0, the default, if it cannot tell
     */
    default long shortestNs() {
        return 0;
    }

    /**
     * Whether the answer is always {@link #shortestNs()}; then it is not asked for again.
     *
     * @return false by default
     */
    default boolean isFixed() {
        return false;
    }

    /**
     * A connection that uses this strategy has been opened, or has come to use it.
     *
     * @param link the connection, valid during this call
     * @param nowNs the present instant
     */
    default void onOpened(Link link, long nowNs) {}

    /**
     * A probe of ours was answered in time.
     *
     * @param link the connection, valid during this call
     * @param idleNs how long nothing had crossed the connection in either direction before the probe left
     * @param nowNs when the ack arrived
     */
    default void onAck(Link link, long idleNs, long nowNs) {}

    /**
     * A probe of ours stayed unanswered.
     *
     * @param link the connection, valid during this call
     * @param idleNs how long nothing had crossed the connection in either direction before the probe left
     * @param nowNs the present instant
     */
    default void onMiss(Link link, long idleNs, long nowNs) {}

    /**
     * The device has moved to another network, or thinks so.
     *
     * @param nowNs the present instant
     */
    default void onNetworkChanged(long nowNs) {}

    /**
     * The connection has ended, or goes by another strategy from now on.
     *
     * @param link the connection, valid during this call
     * @param peerLost true if the peer was declared dead, false if either side closed in order or nothing has ended
     * @param nowNs the present instant
     */
    default void onClosed(Link link, boolean peerLost, long nowNs) {}

    /**
     * The same interval for ever.
     *
     * @param interval greater than 0
     * @return the strategy
     * @throws IllegalArgumentException if {@code interval} is not greater than 0
     */
    static IntervalStrategy fixed(Duration interval) {
        return FixedInterval.of("interval", interval);
    }

    /**
     * One interval while someone is looking and another while nobody is.
     *
     * @param foreground greater than 0
     * @param background greater than 0
     * @return the strategy
     * @throws IllegalArgumentException if one of them is not greater than 0
     */
    static IntervalStrategy phased(Duration foreground, Duration background) {
        return phased(FixedInterval.of("foreground", foreground), FixedInterval.of("background", background));
    }

    /**
     * One strategy while someone is looking and another while nobody is.
     *
     * @param foreground asked in {@link Phase#FOREGROUND}
     * @param background asked in {@link Phase#BACKGROUND}
     * @return the strategy
     */
    static IntervalStrategy phased(IntervalStrategy foreground, IntervalStrategy background) {
        return new PhasedInterval(foreground, background);
    }

    /**
     * Whatever the peer announced, and another interval until it has.
     *
     * @param untilAnnounced greater than 0
     * @return the strategy
     * @throws IllegalArgumentException if {@code untilAnnounced} is not greater than 0
     */
    static IntervalStrategy announced(Duration untilAnnounced) {
        return new AnnouncedInterval(FixedInterval.of("untilAnnounced", untilAnnounced));
    }
}
