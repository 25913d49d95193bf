package dev.heartbeat.examples.smart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.nat.SearchState;
import dev.heartbeat.interval.nat.SideProber;
import dev.heartbeat.interval.nat.SmartInterval;
import dev.heartbeat.nio.HeartbeatChannel;
import dev.heartbeat.nio.NioDatagramSideProber;
import dev.heartbeat.nio.NioHeartbeats;
import dev.heartbeat.nio.NioSideProber;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One connection of the user's to one server, and the search on its side. */
final class SmartPath {
    /** How much of the interval passes until the server pushes: close to its end, so that it shows what that is worth. */
    private static final double PUSH_LATE = 0.95;

    private static final int PUSHES = 2;
    private static final int LANES = 6;

    /** How fast everything goes. */
    record Pace(Duration min, Duration safeStart, Duration tolerance, Duration ackTimeout, Duration patience) {
        /** The library's own, a little more exact. */
        static final Pace USUAL = new Pace(
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(8));

        /** For paths without a delay that forget soon. */
        static final Pace QUICK = new Pace(
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofSeconds(1));
    }

    private final String name;
    private final boolean tcp;
    private final long startNs;
    private final NioHeartbeats heartbeats;
    private final SmartInterval smart;
    private final SelectionKey key;
    private final int port;
    private final @Nullable HeartbeatChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(2048);
    private String told = "";
    private double settledAfterS;
    private long settledNs;
    private int asked;
    private int heard;
    private boolean dead;

    SmartPath(
            NioHeartbeats heartbeats, Selector selector, String name, boolean tcp, InetSocketAddress server, Pace pace)
            throws IOException {
        this.heartbeats = heartbeats;
        this.name = name;
        this.tcp = tcp;
        startNs = heartbeats.clock().nanoTime();
        SideProber prober = tcp
                ? NioSideProber.to(heartbeats, server, LANES, pace.patience)
                : NioDatagramSideProber.to(heartbeats, server, LANES, pace.patience);
        smart = SmartInterval.builder()
                .between(pace.min, Duration.ofMinutes(28))
                .safeStart(pace.safeStart)
                .tolerance(0.02, pace.tolerance)
                .retryEvery(pace.ackTimeout)
                .probeWith(prober)
                .build();
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(smart)
                .ackTimeout(pace.ackTimeout)
                .failureDetector(FailureDetectors.consecutiveMisses(6))
                .build();
        if (tcp) {
            SocketChannel socket = SocketChannel.open(server);
            port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
            channel = HeartbeatChannel.open(heartbeats, socket, policy, (it, data) -> heard(data));
            key = socket.keyFor(selector);
        } else {
            DatagramChannel socket = DatagramChannel.open().connect(server);
            port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
            socket.configureBlocking(false);
            key = socket.register(selector, SelectionKey.OP_READ);
            channel = null;
            heartbeats.open(key, policy);
        }
    }

    boolean isOf(SelectionKey other) {
        return key == other;
    }

    void died() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    /** Reads what is the application's: of datagrams there is none. */
    void read() {
        buffer.clear();
        try {
            heartbeats.read(key, buffer);
        } catch (IOException e) {
            // This path was lost, and its listener has been told; the others go on.
        }
    }

    private void heard(ByteBuffer data) {
        String text = UTF_8.decode(data).toString();
        heard += (int) text.lines().filter("pushed"::equals).count();
    }

    /** Tells what is new; to be called now and then. */
    void look() {
        String now = String.format(
                Locale.ROOT,
                "%s: %s, estimate %.1f s, interval %.1f s",
                name,
                smart.state().name().toLowerCase(Locale.ROOT),
                seconds(smart.estimate()),
                seconds(smart.operatingInterval()));
        if (!now.equals(told)) {
            told = now;
            System.out.printf(Locale.ROOT, "%6.1f s  %s, %d probes%n", elapsedS(), now, smart.probes());
        }
        if (settledNs == 0 && smart.state() == SearchState.SETTLED) {
            settledAfterS = elapsedS();
            settledNs = heartbeats.clock().nanoTime();
        }
        HeartbeatChannel its = channel;
        if (isSettled() && its != null && asked == heard && asked < PUSHES && its.isOpen()) {
            asked++;
            long delayMs = (long) (PUSH_LATE * smart.operatingInterval().toMillis());
            its.send(UTF_8.encode("push " + delayMs + "\n"));
        }
    }

    private boolean isSettled() {
        return settledNs != 0;
    }

    /** Settled, and the interval that came of it was used a few times. */
    boolean isDone() {
        if (dead) {
            return true;
        }
        long usedNs = heartbeats.clock().nanoTime() - settledNs;
        return isSettled()
                && usedNs - PUSHES * smart.operatingInterval().toNanos() >= 0
                && (channel == null || heard == PUSHES);
    }

    private double elapsedS() {
        return (heartbeats.clock().nanoTime() - startNs) / 1e9;
    }

    private static double seconds(Duration length) {
        return length.toMillis() / 1e3;
    }

    String result() {
        return String.format(
                Locale.ROOT,
                "result %s transport=%s port=%d estimateS=%.2f intervalS=%.2f probes=%d settledAfterS=%.0f deaths=%d"
                        + " pushes=%s",
                name,
                tcp ? "tcp" : "udp",
                port,
                seconds(smart.estimate()),
                seconds(smart.operatingInterval()),
                smart.probes(),
                settledAfterS,
                dead ? 1 : 0,
                channel == null ? "none" : heard + "/" + PUSHES);
    }
}
