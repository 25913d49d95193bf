package dev.heartbeat.nio;

import java.net.SocketAddress;
import java.time.Duration;

/**
 * Tries idle times on sacrificial UDP sockets, in the selector loop that the user's own socket lives in.
 *
 * <p>As {@link NioSideProber}, but what gets lost is asked for again, and the server, a {@link DatagramEchoes}, tells the
 * client by a token at which public address and port it sees it. If that has changed when the server has spoken, the
 * mapping counts as lost: whoever else would have spoken to the old port would not have been heard.
 *
 * <p><b>Threading:</b> made in the selector's thread. {@code start} and {@code cancel} may be called by any; reports come
 * from the selector's, within {@link NioHeartbeats#select()}.
 */
public final class NioDatagramSideProber extends DeskProber {
    /** How often each question is asked. */
    private static final int TRIES = 4;

    private NioDatagramSideProber(NioHeartbeats heartbeats, SocketAddress address, int lanes, Duration patience) {
        super(heartbeats, address, () -> new DatagramLine(heartbeats, address), lanes, TRIES, patience);
    }

    /**
     * Makes a prober with six lanes that gives an answer eight seconds, and asks for it four times.
     *
     * @param heartbeats of the client's loop, with the server's codec
     * @param address of the server, resolved: the one that the user's socket sends to
     * @return a prober
     * @throws IllegalArgumentException if the codec cannot ask for an echo
     */
    public static NioDatagramSideProber to(NioHeartbeats heartbeats, SocketAddress address) {
        return to(heartbeats, address, ProbeDesk.DEFAULT_LANES, ProbeDesk.DEFAULT_PATIENCE);
    }

    /**
     * Makes a prober.
     *
     * @param heartbeats of the client's loop, with the server's codec
     * @param address of the server, resolved: the one that the user's socket sends to
     * @param lanes how many probes may be on their way at a time, from 1 to 64
     * @param patience how long an answer may take, four tries included, and how much later than asked the server may be
     *     heard; greater than 0. The server speaks four times within 4.5 s
     * @return a prober
     * @throws IllegalArgumentException if a number is out of its range, or the codec cannot ask for an echo
     */
    public static NioDatagramSideProber to(
            NioHeartbeats heartbeats, SocketAddress address, int lanes, Duration patience) {
        NioDatagramSideProber prober = new NioDatagramSideProber(heartbeats, address, lanes, patience);
        prober.open();
        return prober;
    }

    @Override
    public String transport() {
        return "udp";
    }
}
