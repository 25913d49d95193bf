package dev.heartbeat.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.interval.nat.ProbeOutcome;
import dev.heartbeat.wire.HeartbeatCodecs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Probes against servers that are good, and against such as are not. */
@Timeout(60)
class NioSideProberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long IDLE_NS = 300_000_000L;
    private static final byte[] RECEIPT = {(byte) 0x91, 1};
    private static final byte[] REFUSED = {(byte) 0x95, 2, 0};

    private record Report(long id, ProbeOutcome outcome, long silenceNs) {}

    /** A server that does with each connection, by number from 0, what the test says. */
    private static final class Server implements AutoCloseable {
        interface Manners {
            void serve(int number, SocketChannel client) throws Exception;
        }

        final ServerSocketChannel acceptor =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final SocketAddress address = acceptor.getLocalAddress();
        final AtomicInteger accepted = new AtomicInteger();
        private final List<SocketChannel> clients = new CopyOnWriteArrayList<>();

        Server(Manners manners) throws IOException {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        SocketChannel client = acceptor.accept();
                        clients.add(client);
                        int number = accepted.getAndIncrement();
                        Thread serving = new Thread(() -> {
                            try {
                                client.read(ByteBuffer.allocate(100));
                                manners.serve(number, client);
                            } catch (Exception e) {
                                // The test is over, or this is what it is about.
                            }
                        });
                        serving.setDaemon(true);
                        serving.start();
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            acceptor.close();
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private static void say(SocketChannel client, byte[] what) throws IOException {
        client.write(ByteBuffer.wrap(what));
    }

    private static Report probe(SocketAddress address, long idleNs) throws IOException {
        try (Loop loop = new Loop(Loop.probing())) {
            NioSideProber prober = NioSideProber.to(loop.heartbeats, address, 6, PATIENCE);
            List<Report> reports = new ArrayList<>();
            prober.start(
                    7,
                    idleNs,
                    (id, outcome, silenceNs, nowNs) -> reports.add(new Report(id, outcome, silenceNs)),
                    System.nanoTime());
            loop.until(() -> !reports.isEmpty());
            for (int i = 0; i < 5; i++) {
                loop.heartbeats.select(Duration.ofMillis(10));
            }
            assertEquals(1, reports.size());
            assertEquals(0, loop.selector.keys().size());
            assertEquals(List.of(), loop.errors);
            assertEquals(7, reports.get(0).id());
            return reports.get(0);
        }
    }

    private static ProbeOutcome outcome(Server.Manners manners) throws IOException {
        try (Server server = new Server(manners)) {
            return probe(server.address, IDLE_NS).outcome();
        }
    }

    @Test
    void server_ofOurOwn_provesTheSilence() throws IOException {
        try (Loop loop = new Loop(Loop.probing());
                ServerSocketChannel acceptor =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            acceptor.configureBlocking(false);
            NioSideProber prober = NioSideProber.to(loop.heartbeats, acceptor.getLocalAddress());
            List<Report> reports = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                prober.start(
                        i,
                        i * 100_000_000L,
                        (id, outcome, silenceNs, nowNs) -> reports.add(new Report(id, outcome, silenceNs)),
                        System.nanoTime());
            }
            prober.start(
                    8,
                    0,
                    (id, outcome, silenceNs, nowNs) -> reports.add(new Report(id, outcome, silenceNs)),
                    System.nanoTime());
            loop.until(() -> reports.size() == 7, () -> {
                SocketChannel served = acceptor.accept();
                if (served != null) {
                    HeartbeatChannel.open(loop.heartbeats, served, (channel, data) -> channel.close());
                }
            });
            assertEquals(new Report(8, ProbeOutcome.PROVEN, 0), reports.get(0));
            for (Report report : reports) {
                assertEquals(ProbeOutcome.PROVEN, report.outcome(), report.toString());
                assertTrue(report.id() == 8 || report.silenceNs() >= report.id() * 100_000_000L);
            }
            loop.until(() -> loop.selector.keys().isEmpty());
        }
    }

    @Test
    void server_thatIsNotHeardAfterTheSilence_butAnswersAControl_meansLost() throws IOException {
        try (Server server = new Server((number, client) -> say(client, RECEIPT))) {
            Report report = probe(server.address, IDLE_NS);
            assertEquals(new Report(7, ProbeOutcome.LOST, IDLE_NS), report);
            assertEquals(2, server.accepted.get());
        }
    }

    @Test
    void server_thatIsNotHeard_andDoesNotAnswerAControl_isUnreachable() throws IOException {
        assertEquals(ProbeOutcome.UNREACHABLE, outcome((number, client) -> {
            if (number == 0) {
                say(client, RECEIPT);
            }
        }));
    }

    @Test
    void server_thatSpeaksWhileItIsDoubted_countsAsHeard() throws IOException {
        CountDownLatch doubted = new CountDownLatch(1);
        assertEquals(ProbeOutcome.PROVEN, outcome((number, client) -> {
            if (number == 0) {
                say(client, RECEIPT);
                doubted.await();
                say(client, new byte[] {(byte) 0x95, 2, (byte) 0xAC, 0x02});
            } else {
                doubted.countDown(); // the control, which stays without an answer
            }
        }));
    }

    @Test
    void server_thatIsNotThere_isUnreachable() throws IOException {
        // Bound, so that nobody else gets the port, and not listening.
        try (SocketChannel nobody =
                SocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            assertEquals(new Report(7, ProbeOutcome.UNREACHABLE, 0), probe(nobody.getLocalAddress(), IDLE_NS));
        }
    }

    @Test
    void server_thatSaysNothing_isUnreachable() throws IOException {
        assertEquals(ProbeOutcome.UNREACHABLE, outcome((number, client) -> {}));
    }

    @Test
    void server_thatRefuses_isTold() throws IOException {
        assertEquals(ProbeOutcome.REFUSED, outcome((number, client) -> {
            say(client, RECEIPT);
            say(client, REFUSED);
        }));
        assertEquals(ProbeOutcome.REFUSED, outcome((number, client) -> say(client, REFUSED)));
    }

    @Test
    void end_duringTheSilence_isAsItCame() throws IOException {
        assertEquals(ProbeOutcome.CLOSED, outcome((number, client) -> {
            say(client, RECEIPT);
            Thread.sleep(50);
            client.close();
        }));
        assertEquals(ProbeOutcome.RESET, outcome((number, client) -> {
            say(client, RECEIPT);
            Thread.sleep(50);
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.close();
        }));
    }

    @Test
    void noise_duringTheSilence_spoilsIt_andAGreetingBeforeDoesNot() throws IOException {
        assertEquals(ProbeOutcome.STALLED, outcome((number, client) -> {
            say(client, RECEIPT);
            Thread.sleep(50);
            say(client, new byte[] {'h', 'i'});
        }));
        assertEquals(ProbeOutcome.PROVEN, outcome((number, client) -> {
            say(client, new byte[] {'h', 'i', (byte) 0x91, 1});
            Thread.sleep(300);
            say(client, new byte[] {(byte) 0x95, 2, (byte) 0xAC, 0x02});
        }));
    }

    @Test
    void stall_ofOurOwnWhileTheServerShouldSpeak_blamesNobody() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Server.Manners manners = (number, client) -> {
            say(client, RECEIPT);
            asked.countDown();
        };
        try (Server server = new Server(manners);
                Loop loop = new Loop(Loop.probing())) {
            NioSideProber prober = NioSideProber.to(loop.heartbeats, server.address, 6, PATIENCE);
            List<Report> reports = new ArrayList<>();
            prober.start(
                    7,
                    IDLE_NS,
                    (id, outcome, silenceNs, nowNs) -> reports.add(new Report(id, outcome, silenceNs)),
                    System.nanoTime());
            loop.until(() -> asked.getCount() == 0);
            for (int i = 0; i < 3; i++) {
                loop.heartbeats.select(Duration.ofMillis(20)); // hears the receipt
            }
            Thread.sleep(2_000);
            loop.until(() -> !reports.isEmpty());
            assertEquals(ProbeOutcome.STALLED, reports.get(0).outcome());
        }
    }

    @Test
    void cancel_closesTheConnection_andNothingIsReported() throws Exception {
        try (Server server = new Server((number, client) -> say(client, RECEIPT));
                Loop loop = new Loop(Loop.probing())) {
            NioSideProber prober = NioSideProber.to(loop.heartbeats, server.address, 6, PATIENCE);
            List<Report> reports = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                prober.start(
                        i,
                        i == 3 ? IDLE_NS : 100 * IDLE_NS,
                        (id, outcome, silenceNs, nowNs) -> reports.add(new Report(id, outcome, silenceNs)),
                        System.nanoTime());
            }
            loop.until(() -> loop.selector.keys().size() == 3);
            prober.cancel(1);
            Thread other = new Thread(() -> prober.cancel(2));
            other.start();
            other.join();
            prober.cancel(99);
            loop.until(() -> !reports.isEmpty());
            assertEquals(3, reports.get(0).id());
            loop.until(() -> loop.selector.keys().isEmpty());
            assertEquals(1, reports.size());
        }
    }

    @Test
    void start_beyondTheLanes_isRefused() throws Exception {
        try (Server server = new Server((number, client) -> say(client, RECEIPT));
                Loop loop = new Loop(Loop.probing())) {
            NioSideProber prober = NioSideProber.to(loop.heartbeats, server.address, 2, PATIENCE);
            List<Report> reports = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                prober.start(
                        i,
                        IDLE_NS,
                        (id, outcome, silenceNs, nowNs) -> reports.add(new Report(id, outcome, silenceNs)),
                        System.nanoTime());
            }
            loop.until(() -> !reports.isEmpty());
            assertEquals(new Report(3, ProbeOutcome.REFUSED, 0), reports.get(0));
        }
    }

    @Test
    void codec_thatCannotAsk_isRefused() throws IOException {
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(Loop.probing()).codec(HeartbeatCodecs.line()))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> NioSideProber.to(
                            loop.heartbeats, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        }
    }
}
