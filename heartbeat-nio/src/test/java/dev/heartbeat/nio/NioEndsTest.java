package dev.heartbeat.nio;

import static dev.heartbeat.nio.Bytes.PING;
import static dev.heartbeat.nio.Bytes.bytes;
import static dev.heartbeat.nio.Bytes.readBlocking;
import static dev.heartbeat.nio.Bytes.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.wire.HeartbeatCodecs;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections end, and what is told of it. */
@Timeout(60)
class NioEndsTest {
    private static final HeartbeatPolicy SILENT = Loop.listening(Duration.ofMillis(300));

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
    void failure_whereHalfOpenIsKept_closesTheChannel() throws IOException {
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(SILENT).keepHalfOpen())) {
            Loop.Pair pair = loop.connect();
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            pair.client().shutdownOutput();
            loop.until(key::isReadable);
            assertEquals(-1, loop.heartbeats.read(key, ByteBuffer.allocate(10)));
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.client().close();
            assertThrows(IOException.class, () -> {
                while (true) { // the first may still find the kernel unaware
                    loop.heartbeats.write(key, ByteBuffer.wrap(text("x")));
                }
            });
            assertFalse(pair.served().isOpen());
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

    /** A peer that says goodbye behind a ping, and can no longer be answered. */
    private static final class Leaving {
        final List<DeathCause> causes = new ArrayList<>();
        final IOException broken = new IOException("broken pipe");
        final FakeSelector selector = new FakeSelector();
        final SelectionKey key;
        final NioHeartbeats heartbeats;

        Leaving() {
            FakeSelector.Key key = selector.key();
            key.channel.arrived = bytes(PING, text("goodbye"));
            key.channel.broken = broken;
            this.key = key;
            heartbeats = NioHeartbeats.builder()
                    .clock(selector.clock)
                    .policy(SILENT)
                    .on(selector, (dead, cause) -> causes.add(cause));
        }

        String read(int most) throws IOException {
            ByteBuffer in = ByteBuffer.allocate(most);
            heartbeats.read(key, in);
            return new String(in.array(), 0, in.position(), ISO_8859_1);
        }
    }

    @Test
    void answer_thatCannotBeWritten_costsNoBytesThatHaveArrived_andIsToldByTheNextRead() throws IOException {
        Leaving peer = new Leaving();
        assertEquals("good", peer.read(PING.length + 4));
        assertEquals("bye", peer.read(100));
        assertEquals(List.of(), peer.causes);
        assertSame(peer.broken, assertThrows(IOException.class, () -> peer.read(100)));
        assertEquals(DeathCause.Kind.TRANSPORT_ERROR, peer.causes.get(0).kind());
        peer.heartbeats.select(Duration.ZERO);
        assertEquals(1, peer.causes.size());
    }

    @Test
    void answer_thatCannotBeWritten_isToldByTheNextSelect() throws IOException {
        Leaving peer = new Leaving();
        assertEquals("goodbye", peer.read(100));
        assertEquals(List.of(), peer.causes);
        peer.heartbeats.select(Duration.ZERO);
        assertEquals(DeathCause.Kind.TRANSPORT_ERROR, peer.causes.get(0).kind());
        assertFalse(peer.key.isValid());
    }

    @Test
    void answer_thatCannotBeWritten_withNothingBehindThePing_isToldAtOnce() {
        Leaving peer = new Leaving();
        assertSame(peer.broken, assertThrows(IOException.class, () -> peer.read(PING.length)));
        assertEquals(DeathCause.Kind.TRANSPORT_ERROR, peer.causes.get(0).kind());
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
    void close_ofAKeyThatIsNotWatched_closesTheChannelToo() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            SelectionKey neverOpened = loop.register(loop.connect().served());
            SelectionKey released = loop.register(loop.connect().served());
            loop.heartbeats.open(released);
            loop.heartbeats.release(released);
            for (SelectionKey key : List.of(neverOpened, released)) {
                loop.heartbeats.close(key);
                assertFalse(key.channel().isOpen());
                assertFalse(key.isValid());
            }
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
}
