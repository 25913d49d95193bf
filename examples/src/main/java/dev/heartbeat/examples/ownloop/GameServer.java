package dev.heartbeat.examples.ownloop;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.Refusal;
import dev.heartbeat.time.NanoClock;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A game server with a loop of its own: it hears what came, advances the world, and lets the monitor do what is due,
 * sixty times a second. Each datagram is either a heartbeat or a move; a player who falls silent leaves the world.
 */
public final class GameServer implements Closeable {
    private static final long FRAME_NS = 1_000_000_000L / 60;
    private static final int MOST_PLAYERS = 10_000;

    private final DatagramChannel channel;
    private final HeartbeatPolicy policy;
    private final NanoClock clock;
    private final HeartbeatMonitor monitor;
    private final HeartbeatCodec codec = HeartbeatCodecs.binary();
    private final HeartbeatFrame frame = new HeartbeatFrame();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1500);
    private final ByteBuffer out = ByteBuffer.allocateDirect(codec.maxFrameBytes());
    private final Map<SocketAddress, Player> players = new ConcurrentHashMap<>(); // the loop's; any thread may count
    private volatile boolean running = true;

    /**
     * A server that listens already, and serves once {@link #run} is called.
     *
     * @param address where to listen
     * @param policy for each player
     * @throws IOException if the address cannot be had
     */
    public GameServer(SocketAddress address, HeartbeatPolicy policy) throws IOException {
        this.policy = policy;
        this.clock = NanoClock.system();
        this.channel = DatagramChannel.open().bind(address);
        this.channel.configureBlocking(false);
        this.monitor = HeartbeatMonitor.builder().capacity(MOST_PLAYERS).build(GameServer::left, clock.nanoTime());
    }

    /** The loop: hear, play, poll, sleep until the next frame. Returns after {@link #stop}. */
    public void run() {
        while (running) {
            long nowNs = clock.nanoTime();
            hear(nowNs);
            // ... the world moves on by one frame ...
            monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT);
            LockSupport.parkNanos(FRAME_NS - (clock.nanoTime() - nowNs));
        }
    }

    /** Ends the loop after the present frame. Any thread may call it. */
    public void stop() {
        running = false;
    }

    @Override
    public void close() throws IOException {
        stop();
        channel.close();
    }

    /**
     * Where it listens.
     *
     * @return the address
     * @throws IOException if the channel is closed
     */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    private void hear(long nowNs) {
        try {
            for (SocketAddress from = receive(); from != null; from = receive()) {
                Player player = players.get(from);
                if (player == null) {
                    if (players.size() == MOST_PLAYERS) {
                        continue; // the world is full
                    }
                    player = join(from, nowNs);
                }
                monitor.received(player.handle, nowNs);
                heard(player, nowNs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable SocketAddress receive() throws IOException {
        in.clear();
        SocketAddress from = channel.receive(in);
        in.flip();
        return from;
    }

    private Player join(SocketAddress from, long nowNs) {
        Player player = new Player(from);
        player.handle = monitor.open(player, policy, nowNs);
        players.put(from, player);
        System.out.println("joined: " + from);
        return player;
    }

    private void heard(Player player, long nowNs) {
        DecodeResult result = codec.decodeMessage(in, frame);
        if (result.isMalformed()) {
            monitor.refused(player.handle, Refusal.MALFORMED_FRAME);
        } else if (result == DecodeResult.HEARTBEAT && frame.kind() == FrameKind.PING) {
            if (frame.hasInterval()) {
                monitor.announced(player.handle, frame.intervalNs(), nowNs);
            }
            monitor.pinged(player.handle, nowNs);
            player.send(frame.answer(), nowNs);
        } else if (result == DecodeResult.HEARTBEAT && frame.kind() == FrameKind.PONG && frame.hasProbeId()) {
            monitor.acked(player.handle, frame.probeId(), nowNs);
        }
        // ... anything else is a move of the player ...
    }

    private static void left(long handle, DeathCause cause) {
        System.out.println("left: " + cause);
    }

    /**
     * Who is in the world. Any thread may call it.
     *
     * @return how many
     */
    int players() {
        return players.size();
    }

    /**
     * Serves until it is killed.
     *
     * @param args the port, 7777 if there is none
     * @throws IOException if the port cannot be had
     */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 7777;
        try (GameServer server = new GameServer(new InetSocketAddress(port), HeartbeatPolicy.server())) {
            System.out.println("listening on " + server.address());
            server.run();
        }
    }

    /** One player, and how the monitor reaches it. */
    private final class Player implements HeartbeatTransport {
        private final SocketAddress address;
        private long handle;

        Player(SocketAddress address) {
            this.address = address;
        }

        @Override
        public void sendProbe(long handle, int probeId) {
            long nowNs = clock.nanoTime();
            if (send(new HeartbeatFrame().reset(FrameKind.PING).id(probeId), nowNs)) {
                monitor.probeSent(handle, probeId, nowNs);
            }
        }

        @Override
        public void close(long handle, DeathCause cause) {
            players.remove(address); // there is no socket of its own to close: leaving the world is all there is to it
        }

        boolean send(HeartbeatFrame what, long nowNs) {
            try {
                out.clear();
                codec.encode(out, what);
                boolean sent = channel.send(out.flip(), address) > 0;
                if (sent) {
                    monitor.sent(handle, nowNs);
                }
                return sent;
            } catch (IOException e) {
                monitor.lost(handle, DeathCause.Kind.TRANSPORT_ERROR, String.valueOf(e.getMessage()), nowNs);
                return false;
            }
        }
    }
}
