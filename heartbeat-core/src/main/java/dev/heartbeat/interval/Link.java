package dev.heartbeat.interval;

/**
 * What an {@link IntervalStrategy} may know about one connection.
 *
 * <p>A flyweight over the caller's columns: one instance serves many connections in turn and is valid only during
 * the call that it was passed to. Implemented by {@code HeartbeatMonitor} and by test kits; not meant for others.
 *
 * <p><b>Threading:</b> confined to the thread that makes the call.
 */
public interface Link {
    /**
     * The connection's handle at its monitor, to tell connections apart.
     *
     * @return an opaque number, as good as never reused
     */
    long handle();

    /**
     * The phase that the application named last; {@link Phase#FOREGROUND} at first.
     *
     * @return the phase
     */
    Phase phase();

    /**
     * Probes in a row that stayed without an answer; any evidence of life sets it back to 0.
     *
     * @return at least 0
     */
    int consecutiveMisses();

    /**
     * Whether the peer announced the interval of its own probes.
     *
     * @return true if {@link #announcedIntervalNs()} may be asked
     */
    boolean hasAnnouncedInterval();

    /**
     * The interval that the peer announced last, clamped to the policy's limits.
     *
     * @return a length in nanoseconds, greater than 0
     * @throws IllegalStateException if none was announced
     */
    long announcedIntervalNs();
}
