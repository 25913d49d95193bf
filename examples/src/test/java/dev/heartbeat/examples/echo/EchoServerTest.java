package dev.heartbeat.examples.echo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EchoServerTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/heartbeat/examples/echo");
    private static final int PING = 0x81; // of the binary codec, with an id
    private static final int PONG = 0x91;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private HeartbeatEchoServer server;
    private Thread loop;

    @BeforeEach
    void start() throws IOException {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(200))
                .ackTimeout(Duration.ofMillis(100))
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofSeconds(2)))
                .build();
        server = new HeartbeatEchoServer(0, policy);
        loop = new Thread(
                () -> {
                    try {
                        server.serve();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "echo");
        loop.setDaemon(true);
        loop.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        loop.interrupt();
        loop.join(5_000);
    }

    @Test
    void silentClient_isClosed_whileThePingingOneIsServed() throws Exception {
        try (Socket silent = connect();
                Socket pinging = connect()) {
            silent.setSoTimeout(20);
            boolean closed = false;
            long startNs = System.nanoTime();
            for (int round = 0; !closed && System.nanoTime() - startNs < PATIENCE.toNanos(); round++) {
                int id = round & 0x7F; // of one byte
                pinging.getOutputStream().write(new byte[] {(byte) PING, (byte) id});
                assertArrayEquals(new byte[] {(byte) PONG, (byte) id}, read(pinging, 2));
                closed = isClosed(silent);
            }
            assertTrue(closed, "the silent one is still connected");
            pinging.getOutputStream().write("still there?\n".getBytes(UTF_8));
            assertEquals("still there?\n", new String(read(pinging, 13), UTF_8));
        }
    }

    @Test
    void bytes_ofTheApplication_comeBackExactly() throws Exception {
        try (Socket client = connect()) {
            String text = "Grüße an alle – ça va? ".repeat(5_000);
            byte[] bytes = text.getBytes(UTF_8);
            Thread writer = new Thread(() -> {
                try {
                    client.getOutputStream().write(bytes);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            assertEquals(text, new String(read(client, bytes.length), UTF_8));
            writer.join();
        }
    }

    @Test
    void diff_toThePlainServer_isAboutTenLines() throws IOException {
        List<String> plain = Files.readAllLines(SOURCES.resolve("PlainEchoServer.java"));
        List<String> wrapped = Files.readAllLines(SOURCES.resolve("HeartbeatEchoServer.java"));
        List<String> added = new ArrayList<>();
        for (String line : wrapped) {
            if (!plain.remove(line) && !line.contains("EchoServer") && !line.startsWith("/**")) {
                added.add(line);
            }
        }
        assertTrue(added.size() <= 8, () -> "lines that are new or changed: " + String.join("\n", added));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private static byte[] read(Socket socket, int bytes) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] read = in.readNBytes(bytes);
        assertEquals(bytes, read.length);
        return read;
    }
}
