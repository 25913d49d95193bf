package dev.heartbeat.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.reconnect.ReconnectPolicy;
import java.io.IOException;
import java.net.BindException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReconnectingClientTest {
    private static final ReconnectPolicy SOON = ReconnectPolicy.builder()
            .initial(Duration.ofMillis(20))
            .max(Duration.ofMillis(60))
            .build();

    private static final class Diary implements ClientListener {
        final List<String> entries = new ArrayList<>();
        final StringBuilder heard = new StringBuilder();
        DeathCause cause;

        @Override
        public void onData(ReconnectingClient client, ByteBuffer data) {
            while (data.hasRemaining()) {
                heard.append((char) data.get());
            }
        }

        @Override
        public void onConnected(ReconnectingClient client) {
            entries.add("connected " + client.epoch());
        }

        @Override
        public void onLost(ReconnectingClient client, DeathCause cause) {
            assertFalse(client.isConnected());
            this.cause = cause;
            entries.add("lost " + client.epoch() + " " + cause.kind());
        }

        @Override
        public void onConnectFailed(ReconnectingClient client, IOException reason) {
            entries.add("failed " + client.epoch());
        }

        @Override
        public void onReconnecting(ReconnectingClient client, Duration delay) {
            assertTrue(delay.toMillis() <= 60, delay.toString());
            entries.add("waiting " + client.epoch());
        }

        boolean has(String entry) {
            return entries.contains(entry);
        }
    }

    private static ServerSocketChannel server(int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** The port may be on loan for a moment, to an attempt of a client, for instance. */
    private static ServerSocketChannel serverOnceMore(int port) throws Exception {
        long startNs = System.nanoTime();
        while (true) {
            try {
                return server(port);
            } catch (BindException e) {
                if (System.nanoTime() - startNs > 5_000_000_000L) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private static int portOf(ServerSocketChannel server) {
        return server.socket().getLocalPort();
    }

    private static ReconnectingClient start(Loop loop, SocketAddress address, Diary diary) {
        return ReconnectingClient.builder(loop.heartbeats)
                .to(address)
                .policy(Loop.probing())
                .reconnect(SOON)
                .keepAlive(TcpKeepAlive.of(Duration.ofSeconds(60), Duration.ofSeconds(10), 3))
                .start(diary);
    }

    @Test
    void server_thatHangs_isLeftAndFoundAgain_nothingOfTheOldReachesTheNew() throws IOException {
        try (Loop loop = new Loop(Loop.probing());
                ServerSocketChannel server = server(0)) {
            Diary diary = new Diary();
            ReconnectingClient client = start(loop, server.getLocalAddress(), diary);
            loop.until(() -> diary.has("connected 1"));
            SocketChannel hanging = server.accept(); // never reads, never answers
            hanging.write(ByteBuffer.wrap("old".getBytes(ISO_8859_1)));
            loop.until(() -> diary.heard.toString().equals("old"));
            assertTrue(client.send(ByteBuffer.wrap("to the old one\n".getBytes(ISO_8859_1))));

            loop.until(() -> diary.has("connected 2"));
            assertEquals(List.of("connected 1", "lost 1 PEER_SILENT", "waiting 1", "connected 2"), diary.entries);
            assertEquals(3, diary.cause.consecutiveMisses());
            SocketChannel fresh = server.accept();
            fresh.configureBlocking(false);
            StringBuilder arrived = new StringBuilder();
            ByteBuffer in = ByteBuffer.allocate(1024);
            assertTrue(client.send(ByteBuffer.wrap("to the new one\n".getBytes(ISO_8859_1))));
            loop.until(() -> arrived.toString().contains("new one\n"), () -> {
                in.clear();
                fresh.read(in);
                in.flip();
                while (in.hasRemaining()) {
                    arrived.append((char) in.get());
                }
            });
            assertFalse(arrived.toString().contains("old"), arrived.toString());
            client.close();
            hanging.close();
            fresh.close();
        }
    }

    @Test
    void server_thatGoesAndComesBack_isFoundAgain() throws Exception {
        try (Loop loop = new Loop(Loop.probing())) {
            ServerSocketChannel server = server(0);
            int port = portOf(server);
            Diary diary = new Diary();
            ReconnectingClient client = start(loop, server.getLocalAddress(), diary);
            loop.until(() -> diary.has("connected 1"));
            SocketChannel accepted = server.accept();
            server.close();
            accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
            accepted.close();
            loop.until(() -> diary.has("failed 3"));
            assertTrue(diary.has("lost 1 TRANSPORT_ERROR") || diary.has("lost 1 CLOSED_BY_PEER"), diary.toString());
            assertFalse(client.isConnected());
            assertFalse(client.send(ByteBuffer.allocate(1)));

            try (ServerSocketChannel again = serverOnceMore(port)) {
                loop.until(client::isConnected);
                again.accept().close();
                loop.until(() -> !client.isConnected());
                client.close();
                int entries = diary.entries.size();
                for (int i = 0; i < 10; i++) {
                    loop.heartbeats.select(Duration.ofMillis(20));
                }
                assertEquals(entries, diary.entries.size());
            }
        }
    }

    @Test
    void server_thatClosesInOrder_isFoundAgain_alsoWhereHalfOpenIsKept() throws IOException {
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(Loop.probing()).keepHalfOpen());
                ServerSocketChannel server = server(0)) {
            Diary diary = new Diary();
            ReconnectingClient client = start(loop, server.getLocalAddress(), diary);
            loop.until(client::isConnected);
            server.accept().close();
            loop.until(() -> diary.has("connected 2"));
            assertEquals(List.of("connected 1", "lost 1 CLOSED_BY_PEER", "waiting 1", "connected 2"), diary.entries);
            client.close();
        }
    }

    @Test
    void connect_thatNobodyAnswers_timesOut() throws IOException {
        // A full backlog leaves further handshakes unanswered.
        try (Loop loop = new Loop(Loop.probing());
                ServerSocketChannel full = ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            List<SocketChannel> fillers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(full.getLocalAddress());
                fillers.add(filler);
            }
            Diary diary = new Diary();
            ReconnectingClient client = ReconnectingClient.builder(loop.heartbeats)
                    .to(full.getLocalAddress())
                    .reconnect(SOON)
                    .connectTimeout(Duration.ofMillis(100))
                    .start(diary);
            loop.until(() -> diary.has("failed 2"));
            assertEquals(List.of("failed 1", "waiting 1", "failed 2", "waiting 2"), diary.entries.subList(0, 4));
            client.close();
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void address_thatCannotBeResolvedOrThrows_isAFailedAttempt() throws IOException {
        try (Loop loop = new Loop(Loop.probing())) {
            Diary diary = new Diary();
            start(loop, InetSocketAddress.createUnresolved("nowhere.invalid", 1), diary);
            Diary other = new Diary();
            ReconnectingClient.builder(loop.heartbeats)
                    .to(() -> {
                        throw new IllegalStateException("no address");
                    })
                    .reconnect(SOON)
                    .start(other);
            loop.until(() -> diary.has("failed 2") && other.has("failed 2"));
            assertEquals(List.of(), loop.errors);
        }
    }

    @Test
    void close_whileConnectedAndWhileWaiting_isSilent() throws IOException {
        try (Loop loop = new Loop(Loop.probing());
                ServerSocketChannel server = server(0)) {
            Diary diary = new Diary();
            ReconnectingClient client = start(loop, server.getLocalAddress(), diary);
            loop.until(client::isConnected);
            assertTrue(client.heartbeat().isPresent());
            client.close();
            client.close();
            assertEquals(-1, server.accept().read(ByteBuffer.allocate(1)));
            start(loop, server.getLocalAddress(), diary).close();
            for (int i = 0; i < 5; i++) {
                loop.heartbeats.select(Duration.ofMillis(20));
            }
            assertEquals(List.of("connected 1"), diary.entries);
        }
    }

    @Test
    void arguments_thatAreNone_areRefused() throws IOException {
        try (Loop loop = new Loop(Loop.probing())) {
            ReconnectingClientBuilder builder = ReconnectingClient.builder(loop.heartbeats);
            assertThrows(IllegalArgumentException.class, () -> builder.start(new Diary()));
            assertThrows(IllegalArgumentException.class, () -> builder.connectTimeout(Duration.ZERO));
            assertThrows(NullPointerException.class, () -> builder.to((SocketAddress) null));
            assertThrows(NullPointerException.class, () -> builder.policy(null));
        }
    }
}
