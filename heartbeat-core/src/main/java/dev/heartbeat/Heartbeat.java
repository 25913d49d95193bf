package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.interval.Phase;

/**
 * One connection, as a person holds it: a small object around a monitor and a handle.
 *
 * <p>Optional. Adapters and engines keep the bare handle; this is for code where an object reads better.
 *
 * <p><b>Threading:</b> confined to the thread of its monitor, but for {@link #handle()}, {@link #equals},
 * {@link #hashCode} and {@link #toString}, which any thread may call.
 */
public final class Heartbeat {
    private final HeartbeatMonitor monitor;
    private final long handle;

    Heartbeat(HeartbeatMonitor monitor, long handle) {
        this.monitor = requireNonNull(monitor, "monitor");
        this.handle = handle;
    }

    /**
     * The connection's handle.
     *
     * @return a number that is as good as never reused
     */
    public long handle() {
        return handle;
    }

    /**
     * What is known of the connection.
     *
     * @return {@link Liveness#CLOSED} once it has ended
     */
    public Liveness liveness() {
        return monitor.liveness(handle);
    }

    /**
     * Bytes have arrived. See {@link HeartbeatMonitor#received}.
     *
     * @param nowNs the present instant
     */
    public void received(long nowNs) {
        monitor.received(handle, nowNs);
    }

    /**
     * Bytes have really left. See {@link HeartbeatMonitor#sent}.
     *
     * @param nowNs the present instant
     */
    public void sent(long nowNs) {
        monitor.sent(handle, nowNs);
    }

    /**
     * Sends a probe at once, unless one is on its way.
     *
     * @param nowNs the present instant
     */
    public void probeNow(long nowNs) {
        monitor.probeNow(handle, nowNs);
    }

    /**
     * Names the phase. See {@link HeartbeatMonitor#phase}.
     *
     * @param phase the new one
     * @param nowNs the present instant
     */
    public void phase(Phase phase, long nowNs) {
        monitor.phase(handle, phase, nowNs);
    }

    /**
     * Gives the connection another policy. See {@link HeartbeatMonitor#policy}.
     *
     * @param policy the new one
     * @param nowNs the present instant
     */
    public void policy(HeartbeatPolicy policy, long nowNs) {
        monitor.policy(handle, policy, nowNs);
    }

    /**
     * What was counted for this connection.
     *
     * @param nowNs the present instant
     * @return a snapshot
     * @throws IllegalArgumentException if the connection has ended
     */
    public ConnectionStatistics statistics(long nowNs) {
        return monitor.statistics(handle, nowNs);
    }

    /** Stops watching. See {@link HeartbeatMonitor#close}. */
    public void close() {
        monitor.close(handle);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Heartbeat that && handle == that.handle && monitor == that.monitor;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(handle);
    }

    @Override
    public String toString() {
        return "Heartbeat " + Long.toHexString(handle);
    }
}
