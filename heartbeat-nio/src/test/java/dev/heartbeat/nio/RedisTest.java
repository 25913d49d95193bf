package dev.heartbeat.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.reconnect.ReconnectPolicy;
import dev.heartbeat.wire.HeartbeatCodecs;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stranger on the other side: a real Redis server, which knows nothing of us. */
@Timeout(120)
class RedisTest {
    private static final HeartbeatPolicy POLICY = HeartbeatPolicy.builder()
            .interval(Duration.ofMillis(200))
            .probeWhen(Quiet.ALWAYS)
            .ackTimeout(Duration.ofMillis(200))
            .failureDetector(FailureDetectors.consecutiveMisses(3))
            .build();

    private static final ReconnectPolicy SOON = ReconnectPolicy.builder()
            .initial(Duration.ofMillis(50))
            .max(Duration.ofMillis(200))
            .build();

    @TempDir
    private Path directory;

    private final List<Server> servers = new ArrayList<>();
    private String binary;

    private static final class Server {
        final int port;
        Process process;

        Server(int port) {
            this.port = port;
        }

        void signal(String name) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertEquals(0, kill.waitFor());
        }
    }

    private static final class Client implements ClientListener {
        final StringBuilder heard = new StringBuilder();
        final List<String> entries = new ArrayList<>();
        ReconnectingClient client;

        static Client of(Loop loop, Server server) {
            Client it = new Client();
            it.client = ReconnectingClient.builder(loop.heartbeats)
                    .to(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port))
                    .codec(HeartbeatCodecs.redis())
                    .policy(POLICY)
                    .reconnect(SOON)
                    .start(it);
            return it;
        }

        void say(String command) {
            assertTrue(client.send(ByteBuffer.wrap(command.getBytes(ISO_8859_1))));
        }

        long acks(Loop loop) {
            return client.heartbeat()
                    .map(it -> (long)
                            it.statistics(loop.heartbeats.clock().nanoTime()).acks())
                    .orElse(0L);
        }

        @Override
        public void onData(ReconnectingClient its, ByteBuffer data) {
            while (data.hasRemaining()) {
                heard.append((char) data.get());
            }
        }

        @Override
        public void onConnected(ReconnectingClient its) {
            entries.add("connected");
        }

        @Override
        public void onLost(ReconnectingClient its, DeathCause cause) {
            entries.add("lost " + cause.kind());
        }
    }

    @BeforeEach
    void findRedis() {
        for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(place, "redis-server");
            if (Files.isExecutable(candidate)) {
                binary = candidate.toString();
            }
        }
        assumeTrue(binary != null, "SKIPPED: redis-server is not installed (apt-get install redis-server)");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Server server : servers) {
            server.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Server start() throws IOException, InterruptedException {
        while (true) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Server server = new Server(port);
            run(server);
            servers.add(server);
            if (isReady(server)) {
                return server;
            }
        }
    }

    /** False if it has given up, as it does when somebody else was given the port meanwhile. */
    private boolean isReady(Server server) throws IOException, InterruptedException {
        while (!Files.readString(log(server)).contains("eady to accept connections")) {
            if (server.process.waitFor(20, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private Path log(Server server) {
        return directory.resolve("redis-" + server.port + ".log");
    }

    private void run(Server server) throws IOException {
        server.process = new ProcessBuilder(
                        binary,
                        "--port",
                        Integer.toString(server.port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(log(server).toFile())
                .start();
    }

    @Test
    void realServer_isKeptStoppedNoticedKilledAndFoundAgain() throws Exception {
        try (Loop loop = new Loop(NioHeartbeats.builder())) {
            Server server = start();
            Server other = start();
            Client client = Client.of(loop, server);
            Client witness = Client.of(loop, other);

            // Alive: pings are answered, and their answers never reach the application.
            loop.until(() -> client.acks(loop) >= 3 && witness.acks(loop) >= 3);
            client.say("SET greeting hello\r\nGET greeting\r\n");
            loop.until(() -> client.heard.toString().equals("+OK\r\n$5\r\nhello\r\n"));
            long before = client.acks(loop);
            loop.until(() -> client.acks(loop) >= before + 2);
            assertEquals("+OK\r\n$5\r\nhello\r\n", client.heard.toString());
            assertEquals(List.of("connected"), client.entries);

            // Stopped: its kernel still acknowledges, and connects. Dead all the same; the other one is not.
            server.signal("STOP");
            loop.until(() -> client.entries.contains("lost PEER_SILENT"));
            assertEquals(List.of("connected"), witness.entries);
            server.signal("CONT");
            loop.until(() -> client.client.isConnected() && client.acks(loop) >= 2);

            // Killed and started again.
            int lost = client.entries.size();
            server.process.destroyForcibly().waitFor();
            loop.until(() -> !client.client.isConnected());
            assertTrue(client.entries.get(lost).startsWith("lost "), client.entries.toString());
            run(server);
            loop.until(() -> client.client.isConnected() && client.acks(loop) >= 2);
            client.heard.setLength(0);
            client.say("GET greeting\r\n");
            loop.until(() -> client.heard.toString().equals("$-1\r\n"));

            assertEquals(List.of("connected"), witness.entries);
            assertEquals(List.of(), loop.refusals);
            assertEquals(List.of(), loop.errors);
            client.client.close();
            witness.client.close();
        }
    }
}
