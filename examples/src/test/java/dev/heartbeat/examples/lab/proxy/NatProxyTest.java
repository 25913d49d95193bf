package dev.heartbeat.examples.lab.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.examples.lab.proxy.LinkRecord.Cut;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets; what is asserted is order and what comes through, and of time only that it was not too short. */
@Timeout(60)
class NatProxyTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int A_WHILE_MS = 400;
    private static final int PATIENCE_MS = 20_000;

    private ServerSocket server;
    private NatProxy proxy;
    private Socket near;
    private Socket far;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MS);
    }

    @AfterEach
    void closeAll() throws IOException {
        for (AutoCloseable each : new AutoCloseable[] {near, far, proxy, server}) {
            if (each != null) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
    }

    private void connect(Duration remembered) throws IOException {
        proxy = NatProxy.start(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), remembered);
        near = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        near.setTcpNoDelay(true);
        near.setSoTimeout(PATIENCE_MS);
        far = server.accept();
        far.setTcpNoDelay(true);
        far.setSoTimeout(PATIENCE_MS);
        say(near, "hello");
        assertEquals("hello", hear(far, 5));
    }

    private static void say(Socket socket, String words) throws IOException {
        socket.getOutputStream().write(words.getBytes(US_ASCII));
    }

    private static String hear(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), US_ASCII);
    }

    private static void assertHearsNothing(Socket socket) throws IOException {
        socket.setSoTimeout(A_WHILE_MS);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        socket.setSoTimeout(PATIENCE_MS);
    }

    private LinkRecord record() {
        assertEquals(1, proxy.records().size());
        return proxy.records().get(0);
    }

    @Test
    void link_leftAlone_passesBothWaysAndKeepsRecord() throws IOException {
        connect(LONG);
        say(far, "welcome");
        assertEquals("welcome", hear(near, 7));
        LinkRecord record = record();
        assertEquals(near.getLocalPort(), record.clientPort());
        assertEquals(far.getPort(), record.serverSidePort());
        assertEquals(Cut.NONE, record.cut());
        assertTrue(record.cutNs().isEmpty());
        assertTrue(record.lastToServerNs() - record.openedNs() >= 0);
        assertTrue(record.lastToClientNs() - record.lastToServerNs() >= 0);
    }

    @Test
    void link_idleForLongerThanRemembered_swallowsBothWaysWithoutASign() throws Exception {
        Duration remembered = Duration.ofSeconds(3);
        long beforeNs = System.nanoTime();
        connect(remembered);
        Thread.sleep(remembered.toMillis() + 200);
        say(near, "lost");
        say(far, "lost too");
        assertHearsNothing(far);
        assertHearsNothing(near);
        LinkRecord record = record();
        assertEquals(Cut.FORGOTTEN, record.cut());
        long forgottenNs = record.cutNs().getAsLong();
        assertTrue(forgottenNs - beforeNs >= remembered.toNanos());
        assertTrue(forgottenNs - record.lastToServerNs() <= remembered.toNanos());
    }

    @Test
    void link_usedWithinTheTimeout_isNotForgotten() throws Exception {
        Duration remembered = Duration.ofSeconds(3);
        connect(remembered);
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < remembered.toNanos() + 500_000_000) {
            say(near, "still");
            assertEquals("still", hear(far, 5));
            Thread.sleep(100);
        }
        assertEquals(Cut.NONE, record().cut());
        assertTrue(record().longestQuietNs() < remembered.toNanos());
    }

    @Test
    void blackHole_anything_swallowsEndOfStreamAndReset() throws IOException {
        connect(LONG);
        long atNs = proxy.blackHole(near.getLocalPort());
        near.setSoLinger(true, 0);
        near.close();
        assertHearsNothing(far);
        say(far, "anybody?"); // and no reset comes of it
        assertHearsNothing(far);
        assertEquals(Cut.BLACK_HOLE, record().cut());
        assertTrue(atNs - record().cutNs().getAsLong() >= 0);
        assertTrue(record().lastToServerNs() - record().cutNs().getAsLong() <= 0);
    }

    @RepeatedTest(20) // asks without a pause, so that some questions wait while the link ends
    void blackHole_bothSidesGone_endsTheLink() throws Exception {
        connect(LONG);
        proxy.blackHole(near.getLocalPort());
        near.close();
        far.close();
        while (record().open()) {
            Thread.onSpinWait();
        }
        assertThrows(IllegalArgumentException.class, () -> proxy.blackHole(near.getLocalPort()));
    }

    @Test
    void delay_set_keepsOrderAndComesNoSooner() throws IOException {
        connect(LONG);
        Duration oneWay = Duration.ofMillis(200);
        proxy.delay(near.getLocalPort(), oneWay);
        long startNs = System.nanoTime();
        for (String word : new String[] {"one ", "two ", "three"}) {
            say(near, word);
        }
        assertEquals("one two three", hear(far, 13));
        assertTrue(System.nanoTime() - startNs >= oneWay.toNanos());
    }

    @Test
    void delay_short_forgetsNothingThatBecomesDueWhileItLooks() throws IOException {
        connect(LONG);
        for (int i = 0; i < 1_000; i++) {
            proxy.delay(near.getLocalPort(), Duration.ofNanos(i * 100L));
            say(near, "ping");
            assertEquals("ping", hear(far, 4));
        }
    }

    @Test
    void hold_over_deliversAllThatWaited() throws IOException {
        connect(LONG);
        Duration length = Duration.ofMillis(500);
        long startNs = proxy.hold(near.getLocalPort(), length);
        say(near, "a");
        say(near, "b");
        assertEquals("ab", hear(far, 2));
        assertTrue(System.nanoTime() - startNs >= length.toNanos());
    }

    @Test
    void endOfStream_oneWay_passesAndTheOtherWayStaysOpen() throws IOException {
        connect(LONG);
        near.shutdownOutput();
        assertEquals(-1, far.getInputStream().read());
        say(far, "and yet");
        assertEquals("and yet", hear(near, 7));
        far.shutdownOutput();
        assertEquals(-1, near.getInputStream().read());
    }

    @Test
    void reset_withoutFault_passes() throws IOException {
        connect(LONG);
        near.setSoLinger(true, 0);
        near.close();
        assertThrows(IOException.class, () -> {
            if (far.getInputStream().read() < 0) {
                throw new AssertionError("an orderly end");
            }
        });
    }

    @Test
    void bigMessage_slowReader_arrivesWhole() throws Exception {
        connect(LONG);
        int bytes = 8 << 20;
        Thread writer = new Thread(() -> {
            try {
                near.getOutputStream().write(new byte[bytes]);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        Thread.sleep(100);
        assertEquals(bytes, far.getInputStream().readNBytes(bytes).length);
        writer.join();
    }

    @Test
    void server_notThere_eachClientIsRefusedAndTheProxyLivesOn() throws IOException {
        try (Socket bound = new Socket()) { // and does not listen; but nobody else can take the port
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertRefusesEachClient(bound.getLocalSocketAddress());
        }
    }

    @Test
    void server_noWayToIt_eachClientIsRefusedAndTheProxyLivesOn() throws IOException {
        // Nobody can connect to all the world: the call itself says so.
        assertRefusesEachClient(new InetSocketAddress("255.255.255.255", 9));
    }

    private void assertRefusesEachClient(SocketAddress target) throws IOException {
        proxy = NatProxy.start(target, LONG);
        for (int client = 1; client <= 3; client++) {
            try (Socket refused =
                    new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
                refused.setSoTimeout(PATIENCE_MS);
                assertIsRefused(refused);
            }
            assertEquals(client, proxy.records().size());
        }
    }

    private static void assertIsRefused(Socket socket) throws IOException {
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (SocketException reset) {
            // which is how it is said
        }
    }

    @Test
    void arguments_bad_areRefused() throws IOException {
        assertThrows(
                IllegalArgumentException.class, () -> NatProxy.start(server.getLocalSocketAddress(), Duration.ZERO));
        connect(LONG);
        assertThrows(IllegalArgumentException.class, () -> proxy.delay(1, Duration.ofMillis(1)));
        assertFalse(record().clientPort() == 1);
    }
}
