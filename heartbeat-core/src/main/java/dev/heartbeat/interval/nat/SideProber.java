package dev.heartbeat.interval.nat;

/**
 * Tries idle times on sacrificial connections, so that the user's own connection need not.
 *
 * <p>A probe opens a fresh connection to the same address and port as the user's, asks the server to speak after a
 * time of silence ({@code ECHO_AFTER}), has that request acknowledged, and then stays silent itself. What decides is
 * whether the <em>server</em>, speaking first, is heard: a client that speaks first makes many a NAT create a new
 * mapping, so its ping is answered although every push before it was lost.
 *
 * <p>An implementation
 * <ul>
 *   <li>counts the silence from the last packet in either direction, and reports the silence as it was, which a late
 *       server or a late wake-up makes longer than asked;
 *   <li>has the server speak several times, a second or two apart, where the transport does not retransmit by itself;
 *   <li>reports {@link ProbeOutcome#LOST} only after a fresh control connection was answered by the server, and
 *       {@link ProbeOutcome#UNREACHABLE} if that was not answered either;
 *   <li>over UDP has the server compare the public address it sees before and after; a new port is {@code LOST};
 *   <li>reports once per probe, never after {@link #cancel}, and holds no lock of its own while it reports.
 * </ul>
 *
 * <p><b>Threading:</b> {@link #start} and {@link #cancel} are called by any thread, one at a time, and must not block.
 * Reports may come from any thread, also from within {@code start}.
 */
public interface SideProber {
    /**
     * Starts one probe.
     *
     * @param probeId names the probe in the report; not used twice
     * @param idleNs the silence to try in nanoseconds; 0 asks for an answer at once, on a fresh connection: a control
     * @param listener told the outcome, once
     * @param nowNs the present instant
     */
    void start(long probeId, long idleNs, Listener listener, long nowNs);

    /**
     * Gives a probe up and closes its connection. Does nothing if it has been reported already.
     *
     * @param probeId as given to {@link #start}
     */
    void cancel(long probeId);

    /**
     * How many probes it carries at a time, controls not counted.
     *
     * @return at least 1
     */
    default int lanes() {
        return 6;
    }

    /**
     * The transport, a part of the name under which results are remembered.
     *
     * @return such as {@code tcp} or {@code udp}
     */
    default String transport() {
        return "tcp";
    }

    /**
     * The server's address and port, a part of the name under which results are remembered.
     *
     * @return such as {@code chat.example:443}
     */
    default String server() {
        return "";
    }

    /**
     * What identifies the network the device is on, if the prober can tell: the gateway's address, say.
     *
     * @return empty if unknown
     */
    default String network() {
        return "";
    }

    /** Told how probes end. */
    @FunctionalInterface
    interface Listener {
        /**
         * A probe has ended.
         *
         * @param probeId as given to {@link SideProber#start}
         * @param outcome what was seen
         * @param silenceNs how long the connection had been silent when it was seen, in nanoseconds
         * @param nowNs the present instant
         */
        void onOutcome(long probeId, ProbeOutcome outcome, long silenceNs, long nowNs);
    }
}
