package dev.heartbeat.examples.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets and threads: bounded by a timeout, asserting what happens and not when. */
@Timeout(60)
class BlockingEchoTest {
    private static final HeartbeatPolicy LISTENING = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .interval(Duration.ofMillis(600))
            .ackTimeout(Duration.ofMillis(300))
            .failureDetector(FailureDetectors.silence(Duration.ofMillis(3000)))
            .reverseProbe(true)
            .build();
    private static final HeartbeatPolicy PINGING = HeartbeatPolicy.builder()
            .interval(Duration.ofMillis(600))
            .ackTimeout(Duration.ofMillis(600))
            .failureDetector(FailureDetectors.consecutiveMisses(3))
            .build();

    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<DeathCause> deaths = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> log = new LinkedBlockingQueue<>();

    private EchoServer server(boolean virtual) throws IOException {
        ExecutorService threads = virtual ? ConnectionThreads.virtualIfPresent() : ConnectionThreads.platform();
        EchoServer server = new EchoServer(0, LISTENING, threads, log::add);
        Thread accepting = new Thread(server::serve, "accepting");
        accepting.setDaemon(true);
        accepting.start();
        return server;
    }

    private EchoClient client(int port) throws IOException {
        return new EchoClient("localhost", port, PINGING, (handle, cause) -> deaths.add(cause), lines::add);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void line_isEchoed_andAnIdleClientStays(boolean virtual) throws Exception {
        try (EchoServer server = server(virtual);
                EchoClient client = client(server.port())) {
            client.send("hello");
            assertEquals("hello", lines.poll(30, TimeUnit.SECONDS));
            await(() -> client.heartbeats().statistics().total().acks() >= 6); // longer than the silence allowed
            client.send("still here");
            assertEquals("still here", lines.poll(30, TimeUnit.SECONDS));
            assertEquals(1, server.clients());
            assertEquals(0, deaths.size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientThatFallsSilent_isThrownOut_andTheOthersStay(boolean virtual) throws Exception {
        try (EchoServer server = server(virtual);
                EchoClient client = client(server.port());
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            silent.setSoTimeout(20_000);
            silent.getOutputStream().write("hello\nand th".getBytes());
            assertEquals('h', silent.getInputStream().read());
            await(() -> server.clients() == 2);
            while (silent.getInputStream().read() >= 0) {
                // the echo, and the server's last word
            }
            await(() -> server.clients() == 1);
            await(() -> server.heartbeats().statistics().total().deadBy().get(DeathCause.Kind.PEER_SILENT) == 1);
            assertTrue(log.poll(30, TimeUnit.SECONDS).contains("PEER_SILENT"));
            client.send("still here");
            assertEquals("still here", lines.poll(30, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientThatLeaves_isCleanedUpAtOnce(boolean virtual) throws Exception {
        try (EchoServer server = server(virtual)) {
            EchoClient client = client(server.port());
            client.send("hello");
            assertEquals("hello", lines.poll(30, TimeUnit.SECONDS));
            client.close();
            await(() -> server.clients() == 0);
            await(() -> server.heartbeats().statistics().total().open() == 0);
        }
    }

    @Test
    void serverThatHangs_isFoundByItsClient() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EchoClient client = client(hanging.getLocalPort())) {
            DeathCause cause = deaths.poll(30, TimeUnit.SECONDS);
            assertEquals(DeathCause.Kind.PEER_SILENT, cause.kind());
            assertTrue(cause.consecutiveMisses() >= 3);
            assertEquals(0, client.heartbeats().statistics().total().acks());
        }
    }
}
