package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that is asked to speak after a time. */
class EchoTest {
    /** Dead 5 s after it was heard last. */
    private static final HeartbeatPolicy PROBING = HeartbeatPolicy.builder()
            .interval(Duration.ofSeconds(2))
            .ackTimeout(Duration.ofSeconds(1))
            .build();

    private static Rig probing() {
        return new Rig(HeartbeatHandler.builder(PROBING));
    }

    @Test
    void echoAfter_isAnsweredAfterItsDelayAndItsSilenceForgiven() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(HeartbeatPolicy.server()))) {
            ByteBuf echo = echoAfter(Duration.ofMinutes(10));
            rig.channel.writeInbound(echo.retainedDuplicate(), echo);
            assertEquals(1, rig.written().size(), "the second one meanwhile is refused at once");
            rig.pass(599);
            assertEquals(List.of(), rig.written());
            rig.pass(2);
            assertEquals(1, rig.written().size());
            assertEquals(List.of(), rig.app.told);
        }
    }

    @Test
    void echoAfter_longerThanAnIntervalMayBe_isRefused() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(HeartbeatPolicy.server()))) {
            rig.channel.writeInbound(echoAfter(Duration.ofHours(2)));
            assertEquals(1, rig.written().size(), "refused at once");
            rig.pass(40);
            rig.hear("x");
            assertEquals(List.of("x"), rig.app.messages);
        }
    }

    @Test
    void echoAfter_ofAChannelThatCloses_isForgotten() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(HeartbeatPolicy.server()))) {
            rig.channel.writeInbound(echoAfter(Duration.ofMinutes(10)));
            rig.channel.close();
            assertEquals(-1, rig.channel.runScheduledPendingTasks());
        }
    }

    @Test
    void echoPending_onAServerThatProbes_isTheNextThingSaid() {
        try (Rig rig = probing()) {
            rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
            rig.pass(Duration.ofMillis(8_900));
            assertEquals(List.of(), rig.written());
            rig.pass(Duration.ofMillis(200));
            assertEquals(List.of("\u0095\u0007\u00a8\u0046"), rig.written());
            assertEquals(List.of(), rig.app.told);
        }
    }

    @Test
    void echoSaid_toAPeerThatIsHeardThen_isFollowedByProbesAndDeathAsBefore() {
        try (Rig rig = probing()) {
            rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
            rig.pass(Duration.ofMillis(9_100));
            assertEquals(1, rig.written().size());
            rig.hear("x");
            rig.pass(Duration.ofMillis(2_100));
            assertEquals(1, rig.written().size(), "probed again");
            assertEquals(List.of(), rig.app.told);
            rig.pass(3);
            assertTrue(rig.app.told.contains("dead PEER_SILENT"), rig.app.told::toString);
        }
    }

    @Test
    void echoSaid_toAPeerThatIsGone_isFollowedByItsDeath() {
        try (Rig rig = probing()) {
            rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
            rig.pass(Duration.ofMillis(9_100));
            assertEquals(1, rig.written().size());
            rig.pass(Duration.ofMillis(14_800));
            assertEquals(List.of(), rig.written(), "it has time to be heard");
            rig.pass(Duration.ofMillis(200));
            rig.pass(Duration.ofMillis(20)); // what is overdue is done with the next tick
            assertEquals(1, rig.written().size(), "probed again");
            rig.pass(Duration.ofMillis(3_100));
            assertTrue(rig.app.told.contains("dead PEER_SILENT"), rig.app.told::toString);
        }
    }

    @Test
    void echoSaid_toAPeerThatIsGone_isNoExcuseForASilenceAsLong() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(HeartbeatPolicy.server()))) {
            rig.channel.writeInbound(echoAfter(Duration.ofMinutes(10)));
            rig.pass(601);
            assertEquals(1, rig.written().size());
            rig.pass(15);
            assertEquals(1, rig.written().size(), "asked for a sign of life");
            rig.pass(11);
            assertTrue(rig.app.told.contains("dead PEER_SILENT"), rig.app.told::toString);
        }
    }

    @Test
    void peer_whoseEchoWasSaid_mayAskAgain() {
        try (Rig rig = probing()) {
            for (int i = 0; i < 3; i++) {
                rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
                rig.pass(Duration.ofMillis(8_900));
                assertEquals(List.of(), rig.written());
                rig.pass(Duration.ofMillis(200));
                assertEquals(1, rig.written().size());
            }
            rig.pass(Duration.ofSeconds(14));
            assertEquals(List.of(), rig.written(), "the time to be heard began with the last one");
        }
    }

    @Test
    void policy_changedWhileAnEchoIsPending_holdsFromThenOn() {
        try (Rig rig = probing()) {
            rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
            rig.pass(1);
            rig.handler.policy(HeartbeatPolicy.builder()
                    .interval(Duration.ofSeconds(5))
                    .ackTimeout(Duration.ofSeconds(3))
                    .build());
            rig.pass(Duration.ofMillis(7_900));
            assertEquals(List.of(), rig.written());
            rig.pass(Duration.ofMillis(200));
            assertEquals(1, rig.written().size());
            rig.hear("x");
            rig.pass(Duration.ofMillis(4_800));
            assertEquals(List.of(), rig.written());
            rig.pass(Duration.ofMillis(300));
            assertEquals(1, rig.written().size());
        }
    }

    @Test
    void policy_thatContradictsItself_isRefusedAtOnceWhileAnEchoIsPending() {
        HeartbeatPolicy contradictory = new HeartbeatPolicy() {
            @Override
            public Quiet probeWhen() {
                return Quiet.NEVER; // with a detector that counts misses
            }
        };
        try (Rig rig = probing()) {
            rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
            rig.handler.policy(contradictory);
            assertInstanceOf(IllegalArgumentException.class, rig.app.errors.get(0));
            rig.pass(Duration.ofMillis(9_100));
            assertEquals(1, rig.written().size());
            rig.hear("x");
            rig.pass(Duration.ofMillis(2_100));
            assertEquals(1, rig.written().size(), "the old one stays");
        }
    }

    @Test
    void echoPending_onAChannelThatChangesItsLoop_isForgottenAndProbesGoOn() throws Exception {
        try (Rig rig = probing()) {
            rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
            rig.channel.deregister();
            assertEquals(-1, rig.channel.runScheduledPendingTasks());
            rig.channel.register();
            rig.pass(Duration.ofMillis(2_100));
            assertEquals(1, rig.written().size(), "a probe");
            rig.pass(3);
            assertFalse(rig.channel.isOpen());
            assertEquals(2, rig.written().size(), "two probes more, and no echo");
        }
    }

    @Test
    void echoSaid_onAChannelThatCloses_leavesNothingBehind() {
        try (Rig rig = probing()) {
            rig.channel.writeInbound(echoAfter(Duration.ofSeconds(9)));
            rig.pass(Duration.ofMillis(9_100));
            rig.channel.close();
            assertEquals(-1, rig.channel.runScheduledPendingTasks());
        }
    }

    static ByteBuf echoAfter(Duration delay) {
        ByteBuffer bytes = ByteBuffer.allocate(125);
        HeartbeatCodecs.binary()
                .encode(
                        bytes,
                        new HeartbeatFrame().reset(FrameKind.ECHO_AFTER).id(7).delayMs(delay.toMillis()));
        return Unpooled.wrappedBuffer(bytes.flip());
    }
}
