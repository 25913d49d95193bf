package dev.heartbeat.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.interval.nat.ProbeOutcome;
import dev.heartbeat.time.ManualClock;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The responder for datagrams, and the prober that asks it, also through a NAT of sorts. */
@Timeout(60)
class DatagramEchoesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private record Report(long id, ProbeOutcome outcome, long silenceNs) {}

    private static DatagramChannel bound() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static Loop loop(EchoLimits limits) throws IOException {
        return new Loop(NioHeartbeats.builder().policy(Loop.probing()).echoes(limits));
    }

    private static ByteBuffer frame(HeartbeatFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(200);
        HeartbeatCodecs.binary().encode(out, frame);
        return out.flip();
    }

    private static ByteBuffer ping(int payload) {
        return frame(new HeartbeatFrame().id(5).payload(ByteBuffer.allocate(125), 0, payload));
    }

    private static ByteBuffer echoAfter(long delayMs, ByteBuffer token) {
        return frame(new HeartbeatFrame()
                .reset(FrameKind.ECHO_AFTER)
                .id(6)
                .delayMs(delayMs)
                .payload(token, 0, token.limit()));
    }

    /** The next answer; its length is kept in the buffer's limit. */
    private static HeartbeatFrame hear(Loop loop, DatagramChannel client) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(500);
        client.configureBlocking(false);
        loop.until(() -> in.position() > 0, () -> client.read(in));
        HeartbeatFrame heard = new HeartbeatFrame();
        HeartbeatCodecs.binary().decode(in.flip(), heard);
        assertFalse(in.hasRemaining());
        return heard;
    }

    private static ByteBuffer token(HeartbeatFrame heard) {
        ByteBuffer token = ByteBuffer.allocate(heard.payloadLength());
        heard.payloadTo(token);
        return token.flip();
    }

    private static DatagramChannel client(DatagramEchoes server) throws IOException {
        return DatagramChannel.open().connect(server.localAddress());
    }

    @Test
    void ping_isAnsweredWithATokenOfWhereItCameFrom() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            try (DatagramChannel one = client(server);
                    DatagramChannel other = client(server)) {
                one.write(ping(8));
                HeartbeatFrame heard = hear(loop, one);
                assertEquals(FrameKind.PONG, heard.kind());
                assertEquals(5, heard.id());
                ByteBuffer first = token(heard);
                one.write(ping(8));
                assertEquals(first, token(hear(loop, one)));
                other.write(ping(8));
                assertNotEquals(first, token(hear(loop, other)));
                one.write(ping(3));
                assertArrayEquals(new byte[3], token(hear(loop, one)).array());
                assertEquals(4, server.answered());
            }
        }
    }

    @Test
    void echo_isSaidAfterTheDelay_andAgainUntilItIsConfirmed() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            try (DatagramChannel client = client(server)) {
                client.write(ping(8));
                ByteBuffer token = token(hear(loop, client));
                long startNs = System.nanoTime();
                client.write(echoAfter(300, token));
                HeartbeatFrame heard = hear(loop, client);
                assertTrue(System.nanoTime() - startNs >= 300_000_000L);
                assertEquals(300, heard.delayMs());
                assertEquals(token, token(heard));
                assertEquals(6, hear(loop, client).id());
                assertTrue(System.nanoTime() - startNs >= 1_800_000_000L);
                client.write(frame(new HeartbeatFrame().id(7).payload(token, 0, 8)));
                assertEquals(7, hear(loop, client).id());
                assertEquals(0, loop.heartbeats.echoes().size());
            }
        }
    }

    @Test
    void echo_withoutTheRightToken_isRefusedWithNoMoreBytesThanWereSent() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            try (DatagramChannel client = client(server)) {
                for (int payload : new int[] {0, 7, 8, 30}) {
                    ByteBuffer request = echoAfter(300, ByteBuffer.allocate(payload));
                    int bytes = request.remaining();
                    client.write(request);
                    HeartbeatFrame heard = hear(loop, client);
                    assertEquals(0, heard.delayMs());
                    assertTrue(frame(heard).remaining() <= bytes);
                }
                assertEquals(0, loop.heartbeats.echoes().size());
                assertEquals(4, server.refused());
            }
        }
    }

    @Test
    void answer_isNeverLongerThanItsRequest_alsoWithinLimits() throws IOException {
        Duration long1 = Duration.ofSeconds(20);
        try (Loop loop = loop(EchoLimits.defaults().between(long1, long1))) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            try (DatagramChannel client = client(server)) {
                for (int payload : new int[] {100, 121}) {
                    client.write(ping(payload));
                    client.write(echoAfter(3, token(hear(loop, client)))); // 20 s take two bytes more
                    assertEquals(0, hear(loop, client).delayMs());
                }
                client.write(ping(100));
                client.write(echoAfter(20_000, token(hear(loop, client))));
                loop.until(() -> loop.heartbeats.echoes().size() == 1);
                assertEquals(List.of(), loop.errors);
            }
        }
    }

    @Test
    void echoes_beyondTheLimit_areRefused() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults().perAddress(1))) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            try (DatagramChannel one = client(server);
                    DatagramChannel other = client(server)) {
                one.write(ping(8));
                ByteBuffer ones = token(hear(loop, one));
                one.write(echoAfter(5000, ones));
                one.write(echoAfter(4000, ones)); // once more: the same
                other.write(ping(8));
                other.write(echoAfter(300, token(hear(loop, other))));
                assertEquals(0, hear(loop, other).delayMs());
                assertEquals(1, loop.heartbeats.echoes().size());
                server.close();
                assertEquals(0, loop.heartbeats.echoes().size());
            }
        }
    }

    @Test
    void flood_andNonsense_areDropped() throws IOException {
        ManualClock clock = new ManualClock(0); // however long it takes, it is one second
        try (Loop loop = new Loop(NioHeartbeats.builder().policy(Loop.probing()).clock(clock))) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound(), 3);
            try (DatagramChannel client = client(server)) {
                for (int i = 0; i < 50; i++) {
                    client.write(ping(0));
                }
                loop.until(() -> server.answered() + server.dropped() == 50);
                assertEquals(3, server.answered());
                clock.advance(Duration.ofSeconds(1));
                client.write(ByteBuffer.wrap(new byte[] {'x', 'y', 'z'}));
                client.write(ByteBuffer.allocate(0));
                client.write(ping(0));
                loop.until(() -> server.answered() == 4);
                assertEquals(48, server.dropped());
                assertEquals(List.of(), loop.errors);
            }
        }
    }

    // ---- the prober

    private static Report probe(Loop loop, SocketAddress address, Duration idle) throws IOException {
        NioDatagramSideProber prober = NioDatagramSideProber.to(loop.heartbeats, address, 6, PATIENCE);
        List<Report> reports = new ArrayList<>();
        prober.start(
                3,
                idle.toNanos(),
                (id, outcome, silenceNs, nowNs) -> reports.add(new Report(id, outcome, silenceNs)),
                System.nanoTime());
        loop.until(() -> !reports.isEmpty());
        assertEquals(List.of(), loop.errors);
        return reports.get(0);
    }

    @Test
    void probe_ofAnOpenPath_isProven_andLeavesNothing() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            Report report = probe(loop, server.localAddress(), Duration.ofMillis(300));
            assertEquals(ProbeOutcome.PROVEN, report.outcome());
            assertTrue(report.silenceNs() >= 300_000_000L);
            assertEquals(
                    ProbeOutcome.PROVEN,
                    probe(loop, server.localAddress(), Duration.ZERO).outcome());
            loop.until(() -> loop.selector.keys().size() == 1);
            loop.until(() -> loop.heartbeats.echoes().size() == 0);
        }
    }

    @Test
    void probe_ofNobody_isUnreachable() throws IOException {
        SocketAddress nobody;
        try (DatagramChannel briefly = bound()) {
            nobody = briefly.getLocalAddress();
        }
        try (Loop loop = loop(EchoLimits.defaults())) {
            assertEquals(
                    ProbeOutcome.UNREACHABLE,
                    probe(loop, nobody, Duration.ofMillis(300)).outcome());
        }
    }

    @Test
    void probe_beyondALimitOfTheServer_isRefused() throws IOException {
        try (Loop loop = loop(EchoLimits.off())) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            assertEquals(
                    ProbeOutcome.REFUSED,
                    probe(loop, server.localAddress(), Duration.ofMillis(300)).outcome());
        }
    }

    @Test
    void probe_throughANat_isProvenBelowItsTimeout_andLostAbove() throws Exception {
        try (Loop loop = loop(EchoLimits.defaults())) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            try (UdpNat nat = new UdpNat(server.localAddress(), 3_000_000_000L, 0)) {
                assertEquals(
                        ProbeOutcome.PROVEN,
                        probe(loop, nat.address, Duration.ofMillis(300)).outcome());
                assertEquals(
                        ProbeOutcome.LOST,
                        probe(loop, nat.address, Duration.ofSeconds(5)).outcome());
            }
        }
    }

    @Test
    void probe_throughANatThatMovesTheClientButStillLetsTheServerIn_isLost() throws Exception {
        try (Loop loop = loop(EchoLimits.defaults())) {
            DatagramEchoes server = DatagramEchoes.serve(loop.heartbeats, bound());
            try (UdpNat nat = new UdpNat(server.localAddress(), 60_000_000_000L, 3_000_000_000L)) {
                assertEquals(
                        ProbeOutcome.PROVEN,
                        probe(loop, nat.address, Duration.ofMillis(300)).outcome());
                assertEquals(
                        ProbeOutcome.LOST,
                        probe(loop, nat.address, Duration.ofSeconds(5)).outcome());
            }
        }
    }
}
