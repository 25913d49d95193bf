package dev.heartbeat.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Liveness;
import dev.heartbeat.Refusal;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NioHeartbeatsTest {
    private static final HeartbeatPolicy SILENT = Loop.listening(Duration.ofMillis(300));
    private static final byte[] PING = {(byte) 0x81, 7};
    private static final byte[] PONG = {(byte) 0x91, 7};

    private static ByteBuffer bytes(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(1024);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.flip();
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] readBlocking(SocketChannel channel, int count) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(count);
        while (in.hasRemaining() && channel.read(in) >= 0) {}
        return in.array();
    }

    // ---- the wire

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

    // ---- ends

    @Test
    void silentPeer_dies_pingingOneLives() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            Loop.Pair silent = loop.connect();
            Loop.Pair pinging = loop.connect();
            SelectionKey silentKey = loop.register(silent.served());
            loop.heartbeats.open(silentKey);
            loop.heartbeats.open(loop.register(pinging.served()));
            loop.until(() -> !loop.dead.isEmpty(), () -> {
                pinging.client().write(bytes(PING));
                loop.readReady();
            });
            assertEquals(List.of(silentKey), loop.dead);
            assertEquals(DeathCause.Kind.PEER_SILENT, loop.causes.get(0).kind());
            assertTrue(loop.causes.get(0).silence().toMillis() >= 300, loop.causes.toString());
            assertTrue(pinging.served().isOpen());
            assertFalse(silent.served().isOpen());
        }
    }

    @Test
    void endOfStream_isTheEnd() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            pair.client().write(ByteBuffer.wrap(text("bye")));
            pair.client().shutdownOutput();
            StringBuilder seen = new StringBuilder();
            loop.until(() -> !loop.causes.isEmpty(), () -> seen.append(loop.readReady()));
            assertEquals("bye", seen.toString());
            assertEquals(DeathCause.Kind.CLOSED_BY_PEER, loop.causes.get(0).kind());
            assertThrows(ClosedChannelException.class, () -> loop.heartbeats.read(key, ByteBuffer.allocate(10)));
            assertEquals(1, loop.causes.size());
        }
    }

    @Test
    void endOfStream_behindHalfAHeartbeat_givesItToTheApplication() throws IOException {
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(SILENT).codec(HeartbeatCodecs.line()))) {
            Loop.Pair pair = loop.connect();
            loop.heartbeats.open(loop.register(pair.served()));
            pair.client().write(ByteBuffer.wrap(text("PING\r\nPIN")));
            pair.client().shutdownOutput();
            StringBuilder seen = new StringBuilder();
            loop.until(() -> !loop.causes.isEmpty(), () -> seen.append(loop.readReady()));
            assertEquals("PIN", seen.toString());
        }
    }

    @Test
    void endOfStream_whereHalfOpenIsKept_isStillWrittenTo() throws IOException {
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(SILENT).keepHalfOpen())) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            pair.client().shutdownOutput();
            int[] read = {0};
            loop.until(() -> read[0] < 0, () -> {
                if (key.isReadable()) {
                    read[0] = loop.heartbeats.read(key, ByteBuffer.allocate(10));
                }
            });
            assertEquals(3, loop.heartbeats.write(key, ByteBuffer.wrap(text("yes"))));
            assertArrayEquals(text("yes"), readBlocking(pair.client(), 3));
            assertEquals(0, loop.heartbeats.monitor().statistics().open());
            assertEquals(List.of(), loop.causes);
        }
    }

    @Test
    void reset_isATransportError() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.client().close();
            boolean[] thrown = {false};
            loop.until(() -> !loop.causes.isEmpty(), () -> {
                try {
                    if (key.isValid() && key.isReadable()) {
                        loop.heartbeats.read(key, ByteBuffer.allocate(10));
                    }
                } catch (IOException e) {
                    thrown[0] = true;
                }
            });
            assertTrue(thrown[0]);
            assertEquals(DeathCause.Kind.TRANSPORT_ERROR, loop.causes.get(0).kind());
            assertEquals(1, loop.causes.size());
        }
    }

    @Test
    void probe_thatNeverLeaves_isACauseOfItsOwn() throws IOException {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(100))
                .ackTimeout(Duration.ofMillis(50))
                .unwrittenDeadline(Duration.ofMillis(200))
                .build();
        try (Loop loop = new Loop(policy)) {
            Loop.Pair pair = loop.connect();
            pair.served().setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            ByteBuffer big = ByteBuffer.wrap(text("x".repeat(1 << 16)));
            int written;
            do {
                big.clear();
                written = loop.heartbeats.write(key, big);
            } while (written == big.capacity());
            assertTrue(big.hasRemaining());
            loop.until(() -> !loop.causes.isEmpty(), () -> {
                if (key.isValid() && key.isReadable()) {
                    loop.heartbeats.read(key, ByteBuffer.allocate(10));
                }
            });
            assertEquals(DeathCause.Kind.PROBE_UNWRITTEN, loop.causes.get(0).kind(), loop.causes.toString());
        }
    }

    @Test
    void close_byUs_isNotTold() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            loop.heartbeats.close(key);
            loop.heartbeats.close(key);
            assertFalse(pair.served().isOpen());
            assertEquals(1, loop.heartbeats.monitor().statistics().closed());
            assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
            assertEquals(List.of(), loop.causes);
        }
    }

    @Test
    void close_pastUs_isFoundAndNotTold() throws IOException {
        for (HeartbeatPolicy policy : List.of(SILENT, Loop.probing())) {
            try (Loop loop = new Loop(policy)) {
                List<Loop.Pair> pairs = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    Loop.Pair pair = loop.connect();
                    pairs.add(pair);
                    loop.heartbeats.open(loop.register(pair.served()));
                }
                for (Loop.Pair pair : pairs) {
                    pair.served().close();
                }
                loop.until(() -> loop.heartbeats.monitor().statistics().open() == 0);
                assertEquals(List.of(), loop.causes);
                assertEquals(0, loop.suspects);
            }
        }
    }

    @Test
    void release_leavesTheChannelOpen() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            loop.heartbeats.release(key);
            assertTrue(key.isValid());
            assertEquals(0, loop.heartbeats.monitor().statistics().open());
        }
    }

    // ---- listeners

    @Test
    void listener_thatThrows_costsNobodyElse() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            loop.onDead = () -> {
                throw new IllegalArgumentException("listener");
            };
            for (int i = 0; i < 3; i++) {
                loop.heartbeats.open(loop.register(loop.connect().served()));
            }
            loop.until(() -> loop.dead.size() == 3);
            assertEquals(3, loop.errors.size());
            assertEquals(0, loop.heartbeats.monitor().statistics().open());
        }
    }

    @Test
    void listener_thatClosesTheOthers_isServed() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            List<SelectionKey> keys = new ArrayList<>();
            loop.onDead = () -> keys.forEach(loop.heartbeats::close);
            for (int i = 0; i < 5; i++) {
                SelectionKey key = loop.register(loop.connect().served());
                keys.add(key);
                loop.heartbeats.open(key);
            }
            loop.until(() -> loop.heartbeats.monitor().statistics().open() == 0);
            assertEquals(1, loop.dead.size());
            assertEquals(List.of(), loop.errors);
        }
    }

    // ---- the loop

    @Test
    void select_withNothingToDo_doesNotSpin() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            for (int i = 0; i < 20; i++) {
                loop.heartbeats.open(loop.register(loop.connect().served()));
            }
            int turns = 0;
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < 500_000_000L) {
                loop.heartbeats.select(Duration.ofMillis(100));
                turns++;
            }
            assertTrue(turns <= 12, "turns: " + turns);
        }
    }

    @Test
    void select_whileAHeartbeatWaitsForRoom_doesNotSpin() throws IOException {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(50))
                .ackTimeout(Duration.ofMillis(50))
                .failureDetector(FailureDetectors.consecutiveMisses(200))
                .build();
        try (Loop loop = new Loop(policy)) {
            Loop.Pair pair = loop.connect();
            pair.served().setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            int[] all = {0};
            Loop.Step fill =
                    () -> { // past us, so whole messages, for all we know; again, as the kernel makes more room
                        for (int written = 1; written > 0; all[0] += written) {
                            written = pair.served().write(ByteBuffer.wrap(text("x".repeat(4096))));
                        }
                    };
            int turns = 0;
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < 500_000_000L) {
                fill.run();
                loop.heartbeats.select(Duration.ofMillis(100));
                turns++;
                loop.selector.selectedKeys().clear();
            }
            assertTrue(turns <= 40, "turns: " + turns);
            loop.until(() -> (key.interestOps() & SelectionKey.OP_WRITE) != 0, fill);

            pair.client().configureBlocking(false);
            ByteBuffer in = ByteBuffer.allocate(1 << 16);
            int wanted = all[0] + 1;
            int[] arrived = {0};
            loop.until(() -> arrived[0] >= wanted, () -> {
                in.clear();
                arrived[0] += pair.client().read(in);
            });
            loop.until(() -> key.interestOps() == SelectionKey.OP_READ);
            assertEquals(List.of(), loop.causes);
        }
    }

    @Test
    void select_wokenUp_returnsAtOnce() throws Exception {
        try (Loop loop = new Loop(Loop.probing())) {
            loop.heartbeats.open(loop.register(loop.connect().served()));
            Thread waker = new Thread(() -> {
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                loop.selector.wakeup();
            });
            waker.start();
            loop.heartbeats.select();
            waker.join();
        }
    }

    @Test
    void input_thatWaitedWhileWeDidNotRun_isHeardBeforeAnyoneIsJudged() throws Exception {
        try (Loop loop = new Loop(SILENT)) {
            Loop.Pair pair = loop.connect();
            loop.heartbeats.open(loop.register(pair.served()));
            loop.until(() -> true);
            loop.heartbeats.select(Duration.ZERO);
            for (int i = 0; i < 3; i++) {
                Thread.sleep(260); // below what counts as a stall of ours
                pair.client().write(bytes(PING));
                Thread.sleep(100);
                loop.heartbeats.select(Duration.ofMillis(10));
                loop.readReady();
                loop.selector.selectedKeys().clear();
                loop.heartbeats.select(Duration.ZERO);
                assertEquals(List.of(), loop.causes, "round " + i);
            }
        }
    }

    // ---- many

    @Test
    void thousandConnections_areServed_andTheSilentOnesFound() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofMillis(1500)))) {
            List<Loop.Pair> pairs = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                Loop.Pair pair = loop.connect();
                pairs.add(pair);
                loop.heartbeats.open(loop.register(pair.served()));
            }
            long[] nextNs = {System.nanoTime()};
            loop.until(() -> loop.dead.size() >= 500, () -> {
                loop.readReady();
                if (System.nanoTime() - nextNs[0] > 0) {
                    nextNs[0] += 300_000_000L;
                    for (int i = 0; i < 1000; i += 2) {
                        pairs.get(i).client().write(bytes(PING));
                    }
                }
            });
            assertEquals(500, loop.dead.size());
            for (int i = 0; i < 1000; i++) {
                assertEquals(i % 2 == 0, pairs.get(i).served().isOpen());
                pairs.get(i).client().close();
            }
        }
    }

    // ---- bad input

    @Test
    void arguments_thatAreNone_areRefused() throws IOException {
        try (Loop loop = new Loop(SILENT);
                Loop other = new Loop(SILENT)) {
            assertThrows(
                    NullPointerException.class, () -> NioHeartbeats.builder().policy(null));
            assertThrows(
                    NullPointerException.class, () -> NioHeartbeats.builder().on(null, loop));
            assertThrows(NullPointerException.class, () -> loop.heartbeats.open(null));
            assertThrows(NullPointerException.class, () -> loop.heartbeats.select(null));
            assertThrows(IllegalArgumentException.class, () -> loop.heartbeats.select(Duration.ofNanos(-1)));
            SelectionKey foreign = other.register(other.connect().served());
            assertThrows(IllegalArgumentException.class, () -> loop.heartbeats.open(foreign));
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            SelectionKey oneWay = pipe.source().register(loop.selector, SelectionKey.OP_READ);
            assertThrows(IllegalArgumentException.class, () -> loop.heartbeats.open(oneWay));
            pipe.sink().close();
        }
    }

    @Test
    void open_twice_isOneConnection() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            SelectionKey key = loop.register(loop.connect().served());
            assertEquals(loop.heartbeats.open(key), loop.heartbeats.heartbeat(key));
            assertEquals(Liveness.ALIVE, loop.heartbeats.heartbeat(key).liveness());
            assertEquals(1, loop.heartbeats.monitor().statistics().open());
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
