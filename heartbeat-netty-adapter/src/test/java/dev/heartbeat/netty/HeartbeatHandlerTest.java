package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Liveness;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.wire.HeartbeatCodecs;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.Version;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeartbeatHandlerTest {
    /** Probe after 30 s of outbound quiet, 10 s for the ack, three misses. */
    private static final HeartbeatPolicy CLIENT = HeartbeatPolicy.client();

    private static final HeartbeatPolicy LISTENS = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .interval(Duration.ofSeconds(10))
            .failureDetector(FailureDetectors.silence(2, 4.5))
            .build();

    @Test
    void classPath_inThisRun_holdsTheNettyThatIsMeant() {
        String expected = System.getProperty("expected.netty.version");
        String found = Version.identify().get("netty-transport").artifactVersion();
        if (expected != null) {
            assertEquals(expected, found);
        }
    }

    @Test
    void quietChannel_afterInterval_isProbed() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.pass(29);
            assertEquals(List.of(), rig.written());
            rig.pass(1);
            rig.pass(Duration.ofMillis(16));
            assertEquals(List.of("PING\r\n"), rig.written());
        }
    }

    @Test
    void silentPeer_overThreeMisses_isDeadAfterSixtySeconds() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.pass(59);
            assertTrue(rig.channel.isOpen());
            rig.pass(Duration.ofMillis(1_100));
            assertFalse(rig.channel.isOpen());
            assertEquals(List.of("SUSPECT", "DEAD", "inactive", "dead PEER_SILENT"), rig.app.told);
            assertEquals(3, rig.app.causes.get(0).consecutiveMisses());
        }
    }

    @Test
    void bigStep_overAllDeadlines_doesEachAtItsInstant() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.pass(3600);
            assertEquals(List.of("SUSPECT", "DEAD", "inactive", "dead PEER_SILENT"), rig.app.told);
            assertEquals(List.of("PING\r\n", "PING\r\n", "PING\r\n"), rig.written());
            Duration silence = rig.app.causes.get(0).silence();
            assertTrue(silence.compareTo(Duration.ofMillis(60_100)) < 0, silence::toString);
        }
    }

    @Test
    void answeringPeer_overAnHour_livesAndEveryAckCounts() {
        try (Rig rig = Rig.lines(CLIENT)) {
            for (int i = 1; i <= 120; i++) {
                rig.pass(Duration.ofMillis(30_020));
                assertEquals(List.of("PING\r\n"), rig.written());
                rig.hear("PONG\r\n");
                assertEquals(i, rig.handler.statistics().acks());
            }
            assertEquals(Liveness.ALIVE, rig.handler.liveness());
            assertEquals(List.of(), rig.app.messages);
        }
    }

    @Test
    void ping_fromPeer_isAnsweredAndKeptFromTheApplication() {
        try (Rig rig = Rig.lines(LISTENS)) {
            rig.hear("PING\r\n");
            assertEquals(List.of("PONG\r\n"), rig.written());
            rig.hear("hello\r\n");
            assertEquals(List.of("hello\r\n"), rig.app.messages);
        }
    }

    @Test
    void bytes_thatAnotherHandlerSwallows_areLifeAllTheSame() {
        ChannelInboundHandlerAdapter hole = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ReferenceCountUtil.release(msg);
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {}
        };
        try (Rig rig = new Rig(HeartbeatHandler.builder(LISTENS), hole)) {
            for (int i = 0; i < 10; i++) {
                rig.pass(19);
                rig.hear("x");
            }
            assertEquals(List.of(), rig.app.told);
        }
    }

    @Test
    void silence_thenEvidence_isToldAsSuspectAndRecovered() {
        try (Rig rig = Rig.lines(LISTENS)) {
            rig.pass(21);
            rig.hear("x");
            rig.pass(46);
            assertEquals(
                    List.of("SUSPECT", "RECOVERED", "SUSPECT", "DEAD", "inactive", "dead PEER_SILENT"), rig.app.told);
        }
    }

    @Test
    void ownWrites_toASilentPeer_saveNobody() {
        try (Rig rig = Rig.lines(LISTENS)) {
            for (int i = 0; i < 46; i++) {
                rig.channel.writeOutbound(Rig.bytes("x"));
                rig.pass(1);
            }
            assertTrue(rig.app.told.contains("dead PEER_SILENT"));
        }
    }

    @Test
    void writes_withinEveryInterval_spareEveryProbe() {
        HeartbeatPolicy patient = HeartbeatPolicy.builder()
                .failureDetector(FailureDetectors.silence(Duration.ofHours(2)))
                .probeWhen(Quiet.BOTH)
                .build();
        try (Rig rig = Rig.lines(patient)) {
            for (int i = 0; i < 50; i++) {
                rig.pass(29);
                rig.channel.writeOutbound(Rig.bytes("x"));
                rig.pass(Duration.ofMillis(500));
                rig.hear("y\r\n");
            }
            assertEquals(Collections.nCopies(50, "x"), rig.written());
        }
    }

    @Test
    void peerThatCloses_isToldBeforeInactive() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.channel.unsafe().close(rig.channel.unsafe().voidPromise()); // as Netty does at the end of the stream
            assertEquals(List.of("DEAD", "dead CLOSED_BY_PEER", "inactive"), rig.app.told);
        }
    }

    @Test
    void failedChannel_isToldWithItsFailure() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
            rig.channel.unsafe().close(rig.channel.unsafe().voidPromise());
            assertEquals(List.of("DEAD", "dead TRANSPORT_ERROR", "inactive"), rig.app.told);
            assertTrue(rig.app.causes.get(0).detail().contains("Connection reset"));
        }
    }

    @Test
    void channelThatWeClose_isToldToNobody() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.channel.close();
            rig.pass(3600);
            assertEquals(List.of("inactive"), rig.app.told);
        }
    }

    @Test
    void dead_withoutClosing_leavesTheChannelOpenAndTellsOnce() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(CLIENT).closeWhenDead(false))) {
            rig.pass(3600);
            assertTrue(rig.channel.isOpen());
            assertEquals(List.of("SUSPECT", "DEAD", "dead PEER_SILENT"), rig.app.told);
            assertEquals(Liveness.CLOSED, rig.handler.liveness());
            assertThrows(IllegalStateException.class, rig.handler::statistics);
        }
    }

    @Test
    void executorOfItsOwn_isRefused() throws Exception {
        DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(1);
        try {
            EmbeddedChannel channel = new EmbeddedChannel();
            Recorder app = new Recorder();
            channel.pipeline().addLast(app);
            channel.pipeline().addLast(group, HeartbeatHandler.frames(CLIENT));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (channel.pipeline().get(HeartbeatHandler.class) != null && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            assertNull(channel.pipeline().get(HeartbeatHandler.class));
            assertNull(channel.pipeline().get(EdgeHandler.class));
            channel.finishAndReleaseAll();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void policy_changedAtRunTime_holdsFromThen() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.handler.policy(HeartbeatPolicy.builder()
                    .interval(Duration.ofSeconds(5))
                    .ackTimeout(Duration.ofSeconds(2))
                    .build());
            rig.pass(6);
            assertEquals(List.of("PING\r\n"), rig.written());
        }
    }

    @Test
    void probeNow_probesNow() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.pass(1);
            rig.handler.probeNow();
            assertEquals(List.of("PING\r\n"), rig.written());
            rig.hear("+PONG\r\n");
            assertEquals(1, rig.handler.statistics().acks());
        }
    }

    @Test
    void binaryFrames_bothEnds_matchById() {
        try (Rig client = new Rig(HeartbeatHandler.builder(CLIENT));
                Rig server = new Rig(HeartbeatHandler.builder(HeartbeatPolicy.server()))) {
            for (int i = 1; i <= 20; i++) {
                client.pass(Duration.ofMillis(30_020));
                server.pass(Duration.ofMillis(30_020));
                Object ping = client.channel.readOutbound();
                server.channel.writeInbound(ping);
                Object pong = server.channel.readOutbound();
                client.channel.writeInbound(pong);
                assertEquals(i, client.handler.statistics().acks());
            }
            assertEquals(List.of(), server.app.told);
            assertEquals(List.of(), client.app.told);
        }
    }

    @Test
    void malformedFrame_isRefusedAndTheChannelGoesOn() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(LISTENS))) {
            rig.channel.writeInbound(Rig.bytes("\u0080\u0080\u0080"));
            assertEquals(List.of(), rig.app.messages);
            assertTrue(rig.channel.isOpen());
            rig.hear("still here");
            assertEquals(List.of("still here"), rig.app.messages);
        }
    }

    @Test
    void floodOfPings_neverReadingPongs_isAnsweredSixtyFourTimes() {
        StuckChannel channel = new StuckChannel();
        try (Rig rig = new Rig(
                channel,
                HeartbeatHandler.builder(LISTENS).protocol(HeartbeatProtocol.frames(HeartbeatCodecs.line())))) {
            channel.bytesPerFlush = 0;
            for (int i = 0; i < 10_000; i++) {
                rig.hear("PING\r\n");
            }
            assertEquals(64 * 6, channel.unsafe().outboundBuffer().totalPendingWriteBytes() - 64 * 96);
            assertNull(rig.app.errors.isEmpty() ? null : rig.app.errors.get(0));
        }
    }

    @Test
    void peerThatIsDead_whileItsDeathIsTold_countsAsSuch() {
        try (Rig rig = Rig.lines(CLIENT)) {
            rig.pass(61);
            assertEquals(DeathCause.Kind.PEER_SILENT, rig.app.causes.get(0).kind());
        }
    }
}
