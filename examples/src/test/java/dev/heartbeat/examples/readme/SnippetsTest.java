package dev.heartbeat.examples.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatService;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.Quiet;
import dev.heartbeat.WatchedConnection;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.nat.NetworkProfileStore;
import dev.heartbeat.interval.nat.SmartInterval;
import dev.heartbeat.nio.NioHeartbeats;
import dev.heartbeat.nio.NioSideProber;
import dev.heartbeat.testkit.MonitorHarness;
import dev.heartbeat.time.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's snippets, each run by a test of its own. */
class SnippetsTest {
    private final ManualClock clock = new ManualClock(0);
    private final List<DeathCause> causes = new ArrayList<>();

    @Test
    void ownLoop_findsTheDead() {
        HeartbeatTransport connection = new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {} // stuck: nothing ever leaves

            @Override
            public void close(long handle, DeathCause cause) {}
        };
        loop(connection);
        assertEquals(DeathCause.Kind.PROBE_UNWRITTEN, causes.get(0).kind());
    }

    private void loop(HeartbeatTransport connection) {
        // tag::own-loop[]
        HeartbeatMonitor monitor =
                HeartbeatMonitor.builder().build((handle, cause) -> causes.add(cause), clock.nanoTime());
        long handle = monitor.open(connection, HeartbeatPolicy.client(), clock.nanoTime());

        while (causes.isEmpty()) {
            boolean heard = waitForInput(monitor.delayUntilNextNs(clock.nanoTime()));
            long nowNs = clock.nanoTime(); // once per turn
            if (heard) {
                monitor.received(handle, nowNs); // a store; monitor.sent(handle, nowNs) for what was written
            }
            monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT); // calls the connection, tells the listener
        }
        // end::own-loop[]
    }

    private boolean waitForInput(long atMostNs) {
        clock.advanceNs(atMostNs);
        return false;
    }

    @Test
    @Timeout(30)
    void threads_areWatchedByAService() throws Exception {
        CompletableFuture<DeathCause> dead = new CompletableFuture<>();
        HeartbeatTransport transport = new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {}

            @Override
            public void close(long handle, DeathCause cause) {}
        };
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofMillis(100)))
                .build();
        InputStream in = new ByteArrayInputStream(new byte[100]);
        byte[] buffer = new byte[64];
        // tag::threads[]
        HeartbeatService heartbeats = HeartbeatService.builder().start((handle, cause) -> dead.complete(cause));

        WatchedConnection watched = heartbeats.open(transport, policy); // from any thread
        while (in.read(buffer) >= 0) {
            watched.received(); // one store, and a clock read
        }
        // end::threads[]
        assertEquals(DeathCause.Kind.PEER_SILENT, dead.get().kind());
        heartbeats.close();
    }

    @Test
    void policy_isBuiltFromThreeAnswers() {
        // tag::policy[]
        // Probe after 30 s in which nothing left, wait 10 s for the ack, three misses are death.
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(30))
                .ackTimeout(Duration.ofSeconds(10))
                .failureDetector(FailureDetectors.consecutiveMisses(3))
                .jitter(0.1)
                .build();
        // end::policy[]
        assertEquals(0.1, policy.jitter());
    }

    @Test
    void virtualTime_showsAnHourInMilliseconds() {
        // tag::virtual-time[]
        MonitorHarness harness = new MonitorHarness(0); // the clock starts at 0, or at any other number
        harness.open(HeartbeatPolicy.client());
        harness.run(Duration.ofHours(1)); // nobody answers
        assertEquals(3, harness.probes().size());
        assertEquals(60, harness.listener().causes().get(0).silence().toSeconds());
        // end::virtual-time[]
    }

    @Test
    @Timeout(30)
    void selectorLoop_answersPings() throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            try (Socket client =
                    new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort())) {
                client.getOutputStream().write(new byte[] {'h', 'i'});
                assertEquals("hi", serve(selector, server));
            }
        }
    }

    @Test
    void smartInterval_startsSafe(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("paths");
        try (Selector selector = Selector.open()) {
            NioHeartbeats heartbeats = NioHeartbeats.on(selector, HeartbeatPolicy.client(), (key, cause) -> {});
            InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7777);
            // tag::smart[]
            SmartInterval smart = SmartInterval.builder()
                    .between(Duration.ofSeconds(30), Duration.ofMinutes(28))
                    .probeWith(NioSideProber.to(heartbeats, server)) // where the server speaks first
                    .rememberIn(NetworkProfileStore.file(file))
                    .build();
            // end::smart[]
            assertEquals(Duration.ofSeconds(30), smart.operatingInterval());
        }
    }

    private static String serve(Selector selector, ServerSocketChannel server) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        // tag::selector[]
        NioHeartbeats heartbeats =
                NioHeartbeats.on(selector, HeartbeatPolicy.server(), (key, cause) -> System.out.println(cause));
        while (buffer.position() < 2) {
            heartbeats.select(); // was selector.select()
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel client = server.accept();
                    client.configureBlocking(false);
                    heartbeats.open(client.register(selector, SelectionKey.OP_READ));
                } else if (heartbeats.read(key, buffer) < 0) { // was channel.read(buffer)
                    key.channel().close();
                }
            }
            selector.selectedKeys().clear();
        }
        // end::selector[]
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }
}
