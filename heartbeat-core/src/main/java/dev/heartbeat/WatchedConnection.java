package dev.heartbeat;

import dev.heartbeat.interval.Phase;

/**
 * One connection of a {@link HeartbeatService}: where its threads say what they see.
 *
 * <p>Not a connection itself: it sends nothing and reads nothing. A mark of activity costs a store. Everything else is
 * handed to the service's thread, which acts on it within microseconds; the caller does not wait. What is said about a
 * connection that has ended is ignored.
 *
 * <p>What one thread says about a connection takes effect in the order in which it was said, but for two things: of
 * several policies, phases or announced intervals that the service's thread has not seen yet only the last counts, and
 * they may overtake acks and pings that still wait.
 *
 * <p><b>Threading:</b> safe for several threads. Inbound marks are best made by one thread at a time, as sockets are
 * read: of two at once, either may stay.
 */
public interface WatchedConnection extends AutoCloseable {
    /**
     * The connection's number in this service, as told to listener and transport.
     *
     * @return greater than 0; never reused
     */
    long handle();

    /** Bytes have arrived just now. Reads the clock; {@link #received(long)} does not. */
    void received();

    /**
     * Bytes have arrived: evidence of life. To be called where they are read, before anything is decoded.
     *
     * @param nowNs the present instant of the service's clock; one in the future counts as the present
     */
    void received(long nowNs);

    /** Bytes have left just now. Reads the clock; {@link #sent(long)} does not. */
    void sent();

    /**
     * Bytes have really left: the write has returned. No sign of the peer's life.
     *
     * @param nowNs the present instant of the service's clock; one in the future counts as the present
     */
    void sent(long nowNs);

    /**
     * The probe has left: its time to be answered runs from now. Counts as {@link #sent()} too.
     *
     * @param probeId as passed to {@link HeartbeatTransport#sendProbe}; one that a more urgent probe replaced is ignored
     */
    void probeSent(int probeId);

    /**
     * An ack arrived. If the service's queue is full, it is dropped and counted, and still evidence of life: no miss
     * comes of that, only a round trip less.
     *
     * @param probeId what the ack carries; any number
     */
    void acked(int probeId);

    /** A ping or a beat of the peer arrived. Answering it is the host's business. If dropped, as an ack. */
    void pinged();

    /**
     * A numbered ping or beat of the peer arrived, for detectors that learn from gaps. If dropped, as an ack.
     *
     * @param sequence the peer's count; less than 0 for none
     */
    void pinged(long sequence);

    /**
     * The peer announced the interval of its own probes. What is outside of the policy's limits is clamped to them.
     *
     * @param intervalNs any number: it comes from the network
     */
    void announced(long intervalNs);

    /** The peer sent something that claims to be a heartbeat and is none. Dropped and counted if the queue is full. */
    void malformed();

    /** Sends a probe at once, unless one is on its way. */
    void probeNow();

    /**
     * The application came to the foreground, which probes at once, or left it.
     *
     * @param phase the new phase
     */
    void phase(Phase phase);

    /** The device moved to another network, or may have: a probe is sent at once, with the urgent ack timeout. */
    void networkChanged();

    /**
     * Gives the connection another policy. Its detector starts afresh; a probe on its way stays on its way.
     *
     * @param policy the new one
     * @throws IllegalArgumentException if the policy contradicts itself; the old one stays
     */
    void policy(HeartbeatPolicy policy);

    /**
     * The connection was lost: the peer closed it, the transport failed, or the peer has to be thrown out. It is dead:
     * the transport is told to close, the listener is told the cause.
     *
     * @param kind what was seen
     * @param detail one line for a log, may be empty
     */
    void lost(DeathCause.Kind kind, String detail);

    /**
     * What was last known of the connection.
     *
     * @return {@link Liveness#CLOSED} once it has ended or the service is closed
     */
    Liveness liveness();

    /**
     * Stops watching a connection that the host closes in order. When this returns, nothing more is sent or told, except
     * by a callback that runs already. A connection that has been declared dead is not closed any more: its death is
     * told to the end, once.
     *
     * <p>Never refused and never lost, whatever waits in the queues; calling it again does nothing.
     */
    @Override
    void close();
}
