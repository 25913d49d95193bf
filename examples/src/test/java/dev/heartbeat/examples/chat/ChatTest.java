package dev.heartbeat.examples.chat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.examples.lab.proxy.LinkRecord;
import dev.heartbeat.examples.lab.proxy.NatProxy;
import dev.heartbeat.reconnect.ReconnectPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both ends on real sockets, with a network between them that swallows one client without a sign. */
class ChatTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final HeartbeatPolicy SERVER = HeartbeatPolicy.builder()
            .interval(Duration.ofMillis(900))
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(2.0))
            .ackTimeout(Duration.ofMillis(900))
            .reverseProbe(true)
            .announcedBetween(Duration.ofMillis(10), Duration.ofMinutes(1))
            .build();
    private static final HeartbeatPolicy CLIENT = HeartbeatPolicy.builder()
            .interval(Duration.ofMillis(900))
            .ackTimeout(Duration.ofMillis(900))
            .failureDetector(FailureDetectors.consecutiveMisses(3))
            .build();
    private static final ReconnectPolicy AT_ONCE = ReconnectPolicy.builder()
            .initial(Duration.ofMillis(50))
            .max(Duration.ofMillis(200))
            .build();

    private final BlockingQueue<String> annsScreen = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> bobsScreen = new LinkedBlockingQueue<>();

    @Test
    @Timeout(60)
    void onNio_swallowedClient_isCleanedUpComesBackAndMissesNothing() throws Exception {
        try (ChatServer server = start(new ChatServer(ANY, SERVER))) {
            swallowBob(server.address());
        }
    }

    @Test
    @Timeout(60)
    void onNetty_swallowedClient_isCleanedUpComesBackAndMissesNothing() throws Exception {
        try (ChatNettyServer server = new ChatNettyServer(ANY, SERVER)) {
            swallowBob(server.address());
        }
    }

    private void swallowBob(InetSocketAddress server) throws Exception {
        try (NatProxy network = NatProxy.start(server, Duration.ofMinutes(5));
                ChatClient ann = client(server, "ann", annsScreen);
                ChatClient bob = client(network.address(), "bob", bobsScreen)) {
            until(annsScreen, "HERE bob phone");

            List<LinkRecord> links = network.records();
            network.blackHole(links.get(links.size() - 1).clientPort());
            until(annsScreen, "GONE bob phone");
            ann.say("did you hear");
            until(annsScreen, "MSG 1 ann did you hear");

            until(bobsScreen, "(lost: PEER_SILENT");
            until(bobsScreen, "MSG 1 ann did you hear");
            until(annsScreen, "HERE bob phone");
            bob.say("every word");
            until(annsScreen, "MSG 2 bob every word");
        }
    }

    private static ChatServer start(ChatServer server) {
        run(server::run, "chat-server");
        return server;
    }

    private static ChatClient client(InetSocketAddress server, String user, BlockingQueue<String> screen)
            throws IOException {
        ChatClient client = new ChatClient(server, user, "phone", CLIENT, AT_ONCE, screen::add);
        run(client::run, user);
        return client;
    }

    private interface Loop {
        void run() throws IOException;
    }

    private static void run(Loop loop, String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void until(BlockingQueue<String> screen, String start) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        String line;
        do {
            line = screen.poll(20, TimeUnit.SECONDS);
            seen.add(line);
            assertTrue(line != null, () -> "never shown: " + start + "; only: " + seen);
        } while (!line.startsWith(start));
    }
}
