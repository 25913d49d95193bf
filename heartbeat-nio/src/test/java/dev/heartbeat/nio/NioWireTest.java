package dev.heartbeat.nio;

import static dev.heartbeat.nio.Bytes.PING;
import static dev.heartbeat.nio.Bytes.PONG;
import static dev.heartbeat.nio.Bytes.bytes;
import static dev.heartbeat.nio.Bytes.readBlocking;
import static dev.heartbeat.nio.Bytes.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Refusal;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import dev.heartbeat.wire.MessageLength;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes over the wire between heartbeats and the application. */
@Timeout(60)
class NioWireTest {
    @Test
    void ping_inOneByteSteps_isAnsweredAndNeverSeen() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(10)))) {
            Loop.Pair pair = loop.connect();
            loop.heartbeats.open(loop.register(pair.served()));
            StringBuilder seen = new StringBuilder();
            ByteBuffer all = bytes(text("ab"), PING, text("c"), PING, text("d"));
            while (all.hasRemaining()) {
                pair.client().write(ByteBuffer.wrap(new byte[] {all.get()}));
                loop.heartbeats.select();
                seen.append(loop.readReady());
                loop.selector.selectedKeys().clear();
            }
            loop.until(() -> seen.length() == 4, () -> seen.append(loop.readReady()));
            assertEquals("abcd", seen.toString());
            assertArrayEquals(PONG, readBlocking(pair.client(), 2));
            assertArrayEquals(PONG, readBlocking(pair.client(), 2));
        }
    }

    @Test
    void pings_mergedIntoOneRead_areAnsweredOnceWithTheLatest() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(10)))) {
            Loop.Pair pair = loop.connect();
            loop.heartbeats.open(loop.register(pair.served()));
            pair.client().write(bytes(new byte[] {(byte) 0x81, 1, (byte) 0x81, 2}, text("x"), PING));
            StringBuilder seen = new StringBuilder();
            loop.until(() -> seen.length() == 1, () -> seen.append(loop.readReady()));
            assertArrayEquals(PONG, readBlocking(pair.client(), 2));
            assertEquals(0, loop.causes.size());
        }
    }

    @Test
    void ping_whoseListenerProbesMeanwhile_isAnsweredAsItCame() throws IOException {
        try (Loop loop = new Loop(Loop.probing())) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.onRefused = () -> loop.heartbeats.heartbeat(key).probeNow(System.nanoTime());
            ByteBuffer ping = ByteBuffer.allocate(100);
            HeartbeatFrame frame = new HeartbeatFrame().id(777_777).intervalMs(10_000);
            HeartbeatCodecs.binary().encode(ping, frame);
            pair.client().write(ping.flip());
            loop.until(() -> !loop.refusals.isEmpty(), loop::readReady);
            assertEquals(List.of(Refusal.INTERVAL_OUT_OF_LIMITS), loop.refusals);
            ByteBuffer pong = ByteBuffer.allocate(100);
            HeartbeatCodecs.binary().encode(pong, frame.answer());
            byte[] expected = Arrays.copyOf(pong.array(), pong.position());
            assertArrayEquals(expected, readBlocking(pair.client(), expected.length));
            assertEquals((byte) 0x83, readBlocking(pair.client(), 1)[0]); // and the probe behind it
        }
    }

    @Test
    void bothSides_ours_keepEachOtherAlive() throws IOException {
        try (Loop loop = new Loop(Loop.probing())) {
            Loop.Pair pair = loop.connect();
            pair.client().configureBlocking(false);
            loop.heartbeats.open(loop.register(pair.served()));
            loop.heartbeats.open(loop.register(pair.client()));
            StringBuilder seen = new StringBuilder();
            loop.until(() -> loop.acks >= 6, () -> seen.append(loop.readReady()));
            assertEquals("", seen.toString());
            assertEquals(List.of(), loop.causes);
            assertEquals(List.of(), loop.refusals);
        }
    }

    @Test
    void garbage_onOneConnection_endsThatOneOnly() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(20)))) {
            Loop.Pair bad = loop.connect();
            Loop.Pair good = loop.connect();
            SelectionKey badKey = loop.register(bad.served());
            loop.heartbeats.open(badKey);
            loop.heartbeats.open(loop.register(good.served()));
            bad.client().write(bytes(text("hello"), new byte[] {(byte) 0xBF, 1, 2, 3}));
            StringBuilder seen = new StringBuilder();
            loop.until(() -> !loop.causes.isEmpty(), () -> seen.append(loop.readReady()));
            assertEquals("hello", seen.toString());
            assertEquals(DeathCause.Kind.ABUSE, loop.causes.get(0).kind());
            assertTrue(loop.causes.get(0).detail().contains("BAD_FLAGS"), loop.causes.toString());
            assertSame(badKey, loop.dead.get(0));
            assertFalse(bad.served().isOpen());
            assertEquals(List.of(Refusal.MALFORMED_FRAME), loop.refusals);

            good.client().write(bytes(PING));
            loop.until(() -> loop.heartbeats.monitor().statistics().open() == 1, loop::readReady);
            loop.until(() -> true, loop::readReady);
            loop.heartbeats.select(Duration.ofMillis(200));
            loop.readReady();
            assertArrayEquals(PONG, readBlocking(good.client(), 2));
        }
    }

    @Test
    void garbage_behindGoodBytes_leavesTheKeyGoodForThisTurn() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(20)))) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            pair.client().write(bytes(text("hello"), new byte[] {(byte) 0xBF, 1}));
            loop.heartbeats.select();
            ByteBuffer in = ByteBuffer.allocate(100);
            assertEquals(5, loop.heartbeats.read(key, in));
            key.interestOps(SelectionKey.OP_READ); // would throw if it were canceled already
            assertEquals(List.of(), loop.causes);
            loop.heartbeats.select(Duration.ZERO);
            assertEquals(DeathCause.Kind.ABUSE, loop.causes.get(0).kind());
            assertFalse(key.isValid());
        }
    }

    @Test
    void garbage_alone_isTheEnd() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(20)))) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            pair.client().write(bytes(new byte[] {(byte) 0xBF, 1}));
            loop.heartbeats.select();
            assertEquals(-1, loop.heartbeats.read(key, ByteBuffer.allocate(100))); // opened by the read itself
            assertEquals(1, loop.causes.size());
        }
    }

    @Test
    void buffer_withLessRoomThanWhatIsHeldBack_waits_orIsRefused() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(20)))) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            byte[] ping = {(byte) 0x89, 1, 4, 'a', 'b', 'c', 'd'};
            pair.client().write(ByteBuffer.wrap(ping, 0, 5));
            loop.heartbeats.select();
            assertEquals(0, loop.heartbeats.read(key, ByteBuffer.allocate(100)));
            pair.client().write(bytes(new byte[] {'c', 'd', '!'}));
            ByteBuffer narrow = ByteBuffer.allocate(100).position(95);
            assertEquals(0, loop.heartbeats.read(key, narrow));
            assertEquals(95, narrow.position());
            assertThrows(IllegalArgumentException.class, () -> loop.heartbeats.read(key, ByteBuffer.allocate(5)));
            ByteBuffer justEnough = ByteBuffer.allocate(7);
            StringBuilder seen = new StringBuilder();
            loop.until(() -> seen.length() > 0, () -> {
                justEnough.clear();
                loop.heartbeats.read(key, justEnough);
                justEnough.flip();
                while (justEnough.hasRemaining()) {
                    seen.append((char) justEnough.get());
                }
            });
            assertEquals("!", seen.toString());
            assertEquals(List.of(), loop.causes);
        }
    }

    @Test
    void pongs_neverAskedFor_areRefusedAndNoEvidenceForAnAck() throws IOException {
        try (Loop loop = new Loop(Loop.probing())) {
            Loop.Pair pair = loop.connect();
            loop.heartbeats.open(loop.register(pair.served()));
            pair.client().write(bytes(new byte[] {(byte) 0x91, 99, (byte) 0x90}));
            loop.until(() -> loop.refusals.size() == 2, loop::readReady);
            assertEquals(List.of(Refusal.UNKNOWN_ACK, Refusal.UNKNOWN_ACK), loop.refusals);
            assertEquals(0, loop.acks);
        }
    }

    @Test
    void lines_answeredInOrder_areCorrelated() throws IOException {
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(Loop.probing()).codec(HeartbeatCodecs.line()))) {
            Loop.Pair pair = loop.connect();
            pair.client().configureBlocking(false);
            loop.heartbeats.open(loop.register(pair.served()));
            loop.heartbeats.open(loop.register(pair.client()));
            StringBuilder seen = new StringBuilder();
            loop.until(() -> loop.acks >= 4, () -> seen.append(loop.readReady()));
            assertEquals("", seen.toString());
            assertEquals(List.of(), loop.refusals);
        }
    }

    @Test
    void messages_ofAnotherShape_keepHeartbeatsOut() throws IOException {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(60))
                .ackTimeout(Duration.ofMillis(60))
                .failureDetector(FailureDetectors.consecutiveMisses(200))
                .build();
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(policy).messages(MessageLength.prefixed(2)))) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            byte[] message = {0, 6, (byte) 0x81, 1, (byte) 0x81, 2, (byte) 0xBF, 3};
            for (byte one : message) {
                loop.heartbeats.write(key, ByteBuffer.wrap(new byte[] {one}));
                loop.heartbeats.select(Duration.ofMillis(80)); // long enough for a probe to be due
            }
            assertArrayEquals(message, readBlocking(pair.client(), message.length));
            assertEquals((byte) 0x83, readBlocking(pair.client(), 1)[0]);
        }
    }
}
