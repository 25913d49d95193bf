package dev.heartbeat.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeartbeatChannelTest {
    /** Takes whole lines only. */
    private static class Lines implements ChannelHandler {
        final List<String> lines = new ArrayList<>();
        final List<DeathCause> deaths = new ArrayList<>();
        int drained;
        boolean ended;

        @Override
        public void onData(HeartbeatChannel channel, ByteBuffer data) {
            for (int at = data.position(); at < data.limit(); at++) {
                if (data.get(at) == '\n') {
                    byte[] line = new byte[at - data.position()];
                    data.get(line).get();
                    lines.add(new String(line, ISO_8859_1));
                }
            }
        }

        @Override
        public void onDrained(HeartbeatChannel channel) {
            drained++;
        }

        @Override
        public void onDead(HeartbeatChannel channel, DeathCause cause) {
            deaths.add(cause);
        }
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    @Test
    void bothSides_inOneLoop_talkAndStayAlive() throws IOException {
        try (Loop loop = new Loop(Loop.probing())) {
            Loop.Pair pair = loop.connect();
            Lines heard = new Lines();
            HeartbeatChannel.open(loop.heartbeats, pair.served(), (channel, data) -> channel.send(data));
            HeartbeatChannel client = HeartbeatChannel.open(loop.heartbeats, pair.client(), heard);
            List<String> said = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                said.add("line " + i);
                assertTrue(client.send(text("line " + i + "\n")));
            }
            loop.until(() -> heard.lines.size() == 100 && loop.acks >= 4);
            assertEquals(said, heard.lines);
            assertEquals(List.of(), loop.causes);
            assertEquals(0, loop.selector.selectedKeys().size());
        }
    }

    @Test
    void send_toAPeerThatDoesNotRead_isBoundedAndGoesOnLater() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            pair.served().setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            Lines handler = new Lines();
            HeartbeatChannel channel = HeartbeatChannel.open(loop.heartbeats, pair.served(), handler)
                    .maxQueuedBytes(100_000);
            byte[] chunk = new byte[50_000];
            int accepted = 0;
            while (true) {
                Arrays.fill(chunk, (byte) ('a' + accepted % 26));
                ByteBuffer message = ByteBuffer.wrap(chunk);
                if (!channel.send(message)) {
                    assertEquals(chunk.length, message.remaining());
                    break;
                }
                accepted++;
            }
            assertTrue(channel.queuedBytes() > 0 && channel.queuedBytes() <= 100_000);

            pair.client().configureBlocking(false);
            ByteBuffer in = ByteBuffer.allocate(accepted * chunk.length);
            loop.until(() -> !in.hasRemaining(), () -> pair.client().read(in));
            loop.until(() -> handler.drained == 1);
            assertEquals(0, channel.queuedBytes());
            for (int i = 0; i < accepted; i++) {
                assertEquals('a' + i % 26, in.get(i * chunk.length));
                assertEquals('a' + i % 26, in.get((i + 1) * chunk.length - 1));
            }
        }
    }

    @Test
    void closeWhenSent_leavesNothingBehind() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            pair.served().setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            HeartbeatChannel channel = HeartbeatChannel.open(loop.heartbeats, pair.served(), new Lines())
                    .maxQueuedBytes(10_000_000);
            assertTrue(channel.send(ByteBuffer.allocate(9_000_000)));
            channel.closeWhenSent();
            assertTrue(channel.isOpen());
            assertFalse(channel.send(text("too late\n")));
            pair.client().configureBlocking(false);
            int[] arrived = {0};
            boolean[] end = {false};
            ByteBuffer in = ByteBuffer.allocate(1 << 20);
            loop.until(() -> end[0], () -> {
                in.clear();
                int bytes = pair.client().read(in);
                end[0] = bytes < 0;
                arrived[0] += Math.max(0, bytes);
            });
            assertEquals(9_000_000, arrived[0]);
            assertFalse(channel.isOpen());
        }
    }

    @Test
    void message_inParts_comesAgainWithMoreBehindIt() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            Lines handler = new Lines();
            HeartbeatChannel.open(loop.heartbeats, pair.served(), handler);
            String line = "x".repeat(30_000);
            Thread writer = new Thread(() -> {
                try {
                    for (int from = 0; from < line.length(); from += 1000) {
                        pair.client().write(text(line.substring(from, from + 1000)));
                        Thread.sleep(1);
                    }
                    pair.client().write(text("\nnext\n"));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            loop.until(() -> handler.lines.size() == 2);
            assertEquals(List.of(line, "next"), handler.lines);
        }
    }

    @Test
    void message_tooLong_isAbuse() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            Lines handler = new Lines();
            HeartbeatChannel.open(loop.heartbeats, pair.served(), handler).maxMessageBytes(2000);
            pair.client().write(text("x".repeat(2000)));
            loop.until(() -> !handler.deaths.isEmpty());
            assertEquals(DeathCause.Kind.ABUSE, handler.deaths.get(0).kind());
        }
    }

    @Test
    void handler_thatThrows_costsNobodyElse() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair bad = loop.connect();
            Loop.Pair good = loop.connect();
            HeartbeatChannel.open(loop.heartbeats, bad.served(), (channel, data) -> {
                throw new IllegalArgumentException("handler");
            });
            HeartbeatChannel.open(loop.heartbeats, good.served(), (channel, data) -> channel.send(data));
            bad.client().write(text("x"));
            good.client().write(text("hello"));
            loop.until(() -> loop.errors.size() == 1);
            ByteBuffer in = ByteBuffer.allocate(5);
            good.client().configureBlocking(false);
            loop.until(() -> !in.hasRemaining(), () -> good.client().read(in));
            assertArrayEquals("hello".getBytes(ISO_8859_1), in.array());
        }
    }

    @Test
    void close_inTheHandler_isServed() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            HeartbeatChannel.open(loop.heartbeats, pair.served(), (channel, data) -> {
                channel.close();
                channel.close();
                assertFalse(channel.send(text("no")));
            });
            pair.client().write(text("x"));
            assertEquals(-1, readInLoop(loop, pair));
            assertEquals(List.of(), loop.errors);
            assertEquals(List.of(), loop.causes);
            assertEquals(0, loop.heartbeats.monitor().statistics().open());
        }
    }

    private static int readInLoop(Loop loop, Loop.Pair pair) throws IOException {
        pair.client().configureBlocking(false);
        int[] read = {0};
        loop.until(() -> read[0] != 0, () -> {
            try {
                read[0] = pair.client().read(ByteBuffer.allocate(1));
            } catch (IOException e) {
                read[0] = -1; // closed with bytes unread
            }
        });
        return read[0];
    }

    @Test
    void peerThatHasGone_isHeardToTheEnd_thoughItsPingCannotBeAnswered() throws Exception {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            Lines handler = new Lines();
            HeartbeatChannel channel = HeartbeatChannel.open(loop.heartbeats, pair.served(), handler);
            pair.client().write(Bytes.bytes(Bytes.PING, Bytes.text("goodbye\n")));
            pair.client().close();
            Thread.sleep(50);
            channel.send(text("late\n")); // answered by a reset
            Thread.sleep(50);
            loop.until(() -> !channel.isOpen());
            assertEquals(List.of("goodbye"), handler.lines);
            assertEquals(1, handler.deaths.size());
        }
    }

    @Test
    void peerThatResets_whatIsSentToItHalfOpen_endsTheChannelUntold() throws IOException {
        try (Loop loop = new Loop(NioHeartbeats.builder()
                .policy(Loop.listening(Duration.ofSeconds(30)))
                .keepHalfOpen())) {
            Loop.Pair pair = loop.connect();
            Lines handler = new Lines() {
                @Override
                public void onEndOfInput(HeartbeatChannel channel) {
                    ended = true; // there is more to say first
                }
            };
            HeartbeatChannel channel = HeartbeatChannel.open(loop.heartbeats, pair.served(), handler)
                    .maxQueuedBytes(64 << 20);
            pair.client().shutdownOutput();
            loop.until(() -> handler.ended);
            assertTrue(channel.send(ByteBuffer.allocate(32 << 20)));
            assertTrue(channel.queuedBytes() > 0);
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.client().close();
            loop.until(() -> !channel.isOpen());
            assertFalse(pair.served().isOpen());
            assertEquals(0, channel.queuedBytes());
            assertFalse(channel.send(text("x")));
            assertEquals(List.of(), handler.deaths);
            assertEquals(List.of(), loop.errors);
        }
    }

    @Test
    void open_twiceOnOneSocket_isRefused_andTheFirstLivesOn() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            Lines first = new Lines();
            Lines second = new Lines();
            HeartbeatChannel.open(loop.heartbeats, pair.served(), first);
            assertThrows(
                    IllegalStateException.class, () -> HeartbeatChannel.open(loop.heartbeats, pair.served(), second));
            pair.client().write(text("hello\n"));
            loop.until(() -> !first.lines.isEmpty());
            assertEquals(List.of("hello"), first.lines);
            assertEquals(List.of(), second.lines);
        }
    }

    @Test
    void open_ofAKeyThatIsWatched_isRefused() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            assertThrows(
                    IllegalStateException.class,
                    () -> HeartbeatChannel.open(loop.heartbeats, pair.served(), new Lines()));
            assertTrue(key.isValid());
            assertNull(key.attachment());
            assertThrows(NullPointerException.class, () -> HeartbeatChannel.open(loop.heartbeats, pair.client(), null));
        }
    }
}
