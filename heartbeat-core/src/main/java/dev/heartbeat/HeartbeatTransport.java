package dev.heartbeat;

/**
 * The hands of a {@link HeartbeatMonitor}: what it asks of the host's connection. Adapters implement it once; a user
 * with a transport of their own does too.
 *
 * <p><b>Threading:</b> called by the monitor's thread, from within a call to the monitor. Calling back in is allowed,
 * except for {@link HeartbeatMonitor#poll}.
 */
public interface HeartbeatTransport {
    /**
     * Sends a probe, or queues it. When its bytes have really left, and not before, the host calls
     * {@link HeartbeatMonitor#probeSent}: at once from here, or later. The time to answer runs from then on.
     *
     * <p>An exception thrown here is told to {@link HeartbeatListener#onError}, an {@link Error} goes on up; the probe
     * counts as unwritten then.
     *
     * @param handle the connection
     * @param probeId what the ack must carry, from 0 to 65 535
     */
    void sendProbe(long handle, int probeId);

    /**
     * Closes the connection at once, without waiting for what is queued: the peer is dead. Afterwards the handle belongs
     * to nobody. Not called for connections that the host itself gave up with {@link HeartbeatMonitor#close}.
     *
     * @param handle the connection
     * @param cause why
     */
    void close(long handle, DeathCause cause);
}
