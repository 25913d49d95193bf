package dev.heartbeat.nio;

import java.net.SocketAddress;
import java.time.Duration;

/**
 * Tries idle times on sacrificial TCP connections, in the selector loop that the user's own connection lives in.
 *
 * <p>Each probe connects to the same address and port, asks the server to speak after the silence ({@code ECHO_AFTER}) and
 * for a sign that it has heard that, and says nothing more. A server of this library does the rest unasked; to its
 * application a probe is a connection that never says anything and ends.
 *
 * <pre>{@code
 * NioSideProber prober = NioSideProber.to(heartbeats, address);
 * SmartInterval smart = SmartInterval.builder().probeWith(prober).build();
 * HeartbeatPolicy policy = HeartbeatPolicy.builder().interval(smart).ackTimeout(Duration.ofSeconds(2)).build();
 * HeartbeatChannel.open(heartbeats, socket, policy, handler);
 * }</pre>
 *
 * <p>Not heard in time, it opens a control connection: if that is answered, the mapping was lost; if not, nothing is known.
 * Whatever else arrives on a probe's connection spoils it, so a server that greets must have done so by the time it
 * answers.
 *
 * <p><b>Threading:</b> made in the selector's thread. {@code start} and {@code cancel} may be called by any; reports come
 * from the selector's, within {@link NioHeartbeats#select()}.
 */
public final class NioSideProber extends DeskProber {
    private NioSideProber(NioHeartbeats heartbeats, SocketAddress address, int lanes, Duration patience) {
        super(heartbeats, address, () -> new SocketLine(heartbeats, () -> address), lanes, 1, patience);
    }

    /**
     * Makes a prober with six lanes that gives an answer eight seconds.
     *
     * @param heartbeats of the client's loop, with the server's codec
     * @param address of the server, resolved: the one that the user's connection goes to
     * @return a prober
     * @throws IllegalArgumentException if the codec cannot ask for an echo
     */
    public static NioSideProber to(NioHeartbeats heartbeats, SocketAddress address) {
        return to(heartbeats, address, ProbeDesk.DEFAULT_LANES, ProbeDesk.DEFAULT_PATIENCE);
    }

    /**
     * Makes a prober.
     *
     * @param heartbeats of the client's loop, with the server's codec
     * @param address of the server, resolved: the one that the user's connection goes to
     * @param lanes how many probes may be on their way at a time, from 1 to 64
     * @param patience how long connecting and an answer may take, and how much later than asked the server may be heard;
     *     greater than 0. TCP repeats what is lost after 0.2, 0.6, 1.4, 3 and 6 s
     * @return a prober
     * @throws IllegalArgumentException if a number is out of its range, or the codec cannot ask for an echo
     */
    public static NioSideProber to(NioHeartbeats heartbeats, SocketAddress address, int lanes, Duration patience) {
        NioSideProber prober = new NioSideProber(heartbeats, address, lanes, patience);
        prober.open();
        return prober;
    }
}
