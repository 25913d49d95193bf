package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.interval.nat.SideProber;
import dev.heartbeat.wire.FrameKind;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/** What the probers of this package are, whatever they probe over: a name over a {@link ProbeDesk}. */
abstract class DeskProber implements SideProber {
    private final ProbeDesk desk;
    private final String server;

    DeskProber(
            NioHeartbeats heartbeats,
            SocketAddress address,
            Supplier<ProbeLine> lines,
            int lanes,
            int tries,
            Duration patience) {
        requireNonNull(heartbeats, "heartbeats");
        requireNonNull(address, "address");
        Require.that(
                heartbeats.protocol().codec.supports(FrameKind.ECHO_AFTER),
                "codec",
                heartbeats.protocol().codec,
                "one that can ask for an echo");
        server = address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : address.toString();
        desk = new ProbeDesk(heartbeats, lines, lanes, tries, patience);
    }

    final void open() {
        desk.open();
    }

    @Override
    public final void start(long probeId, long idleNs, Listener listener, long nowNs) {
        desk.start(probeId, idleNs, listener);
    }

    @Override
    public final void cancel(long probeId) {
        desk.cancel(probeId);
    }

    @Override
    public final int lanes() {
        return desk.lanes();
    }

    @Override
    public final String server() {
        return server;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "(" + server + ")";
    }
}
