package dev.heartbeat.detect;

/**
 * What a {@link FailureDetector} may know about one connection, and where it keeps what it learns.
 *
 * <p>A flyweight over the caller's columns: one instance serves many connections in turn and is valid only
 * during the call that it was passed to. Instants are readings of the caller's clock, of any origin; compare
 * them by subtraction. Implemented by {@code HeartbeatMonitor} and by test kits; not meant for others.
 *
 * <p><b>Threading:</b> confined to the thread that makes the call.
 */
public interface Peer {
    /**
     * When the last byte of any kind arrived; the opening of the connection before the first.
     *
     * @return an instant, in nanoseconds of the caller's clock
     */
    long lastReceivedNs();

    /**
     * How long the peer has been silent while we were awake to hear it: time in which we ourselves were stalled
     * is taken out.
     *
     * @param nowNs the present instant
     * @return a length in nanoseconds, at least 0
     */
    long silenceNs(long nowNs);

    /**
     * How often the peer should be heard: the interval that it announced, otherwise the one the policy tells.
     *
     * @return a length in nanoseconds, greater than 0
     */
    long expectedIntervalNs();

    /**
     * Probes in a row that stayed without an answer; any evidence of life sets it back to 0.
     *
     * @return at least 0
     */
    int consecutiveMisses();

    /**
     * Reads a word of the detector's own memory for this connection.
     *
     * @param index from 0 to {@link FailureDetector#stateLongs()} − 1
     * @return what was stored last; 0 when the connection was opened
     */
    long state(int index);

    /**
     * Writes a word of the detector's own memory for this connection.
     *
     * @param index from 0 to {@link FailureDetector#stateLongs()} − 1
     * @param value any
     */
    void state(int index, long value);
}
