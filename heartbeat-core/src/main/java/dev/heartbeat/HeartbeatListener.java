package dev.heartbeat;

/**
 * Told what becomes of connections. A lambda over {@link #onDead} will do; the rest is there for those who look closer.
 *
 * <p>Told last: the state has changed already, no lock is held. A listener may call back into the monitor, except for
 * {@link HeartbeatMonitor#poll}. An exception that it throws is counted and told to {@link #onError}, and costs no other
 * connection anything; an {@link Error} goes on up to the caller of the monitor.
 *
 * <p><b>Threading:</b> called by the monitor's thread. It should not block: nobody else is served meanwhile.
 */
@FunctionalInterface
public interface HeartbeatListener {
    /**
     * The peer is dead and the transport has been told to close. Told once; nothing else is told of this handle afterwards.
     *
     * @param handle the connection; it says {@link Liveness#DEAD} during this call, and belongs to nobody afterwards
     * @param cause why, with numbers
     */
    void onDead(long handle, DeathCause cause);

    /**
     * Evidence is overdue.
     *
     * @param handle the connection
     * @param silenceNs how long nothing has arrived, in nanoseconds
     */
    default void onSuspect(long handle, long silenceNs) {}

    /**
     * A suspect showed evidence of life.
     *
     * @param handle the connection
     */
    default void onRecovered(long handle) {}

    /**
     * A probe was answered in time.
     *
     * @param handle the connection
     * @param roundTripNs from its leaving to the ack's arrival, in nanoseconds; at least 0
     */
    default void onAck(long handle, long roundTripNs) {}

    /**
     * A probe stayed unanswered for its ack timeout, and nothing else arrived meanwhile.
     *
     * @param handle the connection
     * @param consecutiveMisses this one included; from 1 to 255
     */
    default void onMiss(long handle, int consecutiveMisses) {}

    /**
     * An ack came after its probe had been counted as a miss or given up for a more urgent one.
     *
     * @param handle the connection
     * @param probeId which
     */
    default void onLateAck(long handle, int probeId) {}

    /**
     * Something the peer sent was refused. The connection goes on.
     *
     * @param handle the connection
     * @param refusal what
     */
    default void onRefused(long handle, Refusal refusal) {}

    /**
     * We ourselves did not run for a while. That time counts against nobody.
     *
     * @param stallNs how long, in nanoseconds
     */
    default void onStall(long stallNs) {}

    /**
     * A listener, a transport or a part of a policy threw. By default it goes to the thread's handler for uncaught
     * exceptions.
     *
     * @param handle the connection, or 0 if it concerns none
     * @param error what was thrown
     */
    default void onError(long handle, Exception error) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
    }
}
