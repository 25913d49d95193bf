package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StreamTest {
    private static Rig lines() {
        return new Rig(HeartbeatHandler.builder(HeartbeatPolicy.client()).stream(
                HeartbeatCodecs.line(), MessageLength.endingWith((byte) '\n')));
    }

    @Test
    void heartbeats_betweenMessages_areTakenOut() {
        try (Rig rig = lines()) {
            rig.hear("one\nPING\r\ntwo\n");
            assertEquals("one\ntwo\n", String.join("", rig.app.messages));
            assertEquals(List.of("PONG\r\n"), rig.written());
        }
    }

    @Property(tries = 200)
    void anySplit_givesTheSameMessagesAndAnswers(
            @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 12) Integer> cuts) {
        try (Rig rig = lines()) {
            String all = "one\nPING\r\nPING a\nping\r\n\ntwo\nPIN\nPING\r\n";
            int at = 0;
            for (int cut : cuts) {
                int end = Math.min(all.length(), at + cut);
                rig.hear(all.substring(at, end));
                at = end;
            }
            rig.hear(all.substring(at));
            assertEquals("one\nPING a\n\ntwo\nPIN\n", String.join("", rig.app.messages));
            assertEquals("PONG\r\nPONG\r\nPONG\r\n", String.join("", rig.written()));
        }
    }

    @Test
    void probe_isAnsweredAndMeasured() {
        try (Rig rig = lines()) {
            rig.pass(Duration.ofMillis(30_020));
            assertEquals(List.of("PING\r\n"), rig.written());
            rig.hear("PO");
            rig.hear("NG\r\n");
            assertEquals(1, rig.handler.statistics().acks());
        }
    }

    @Test
    void brokenStream_isClosedWithItsCause() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(HeartbeatPolicy.client()).stream(
                HeartbeatCodecs.binary(), MessageLength.prefixed(4)))) {
            rig.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 1, 42, (byte) 0xBF, 0, 0, 0}));
            assertFalse(rig.channel.isOpen());
            assertEquals(1, rig.app.messages.size());
            assertTrue(rig.app.told.contains("dead ABUSE"));
        }
    }

    @Test
    void handlerRemoved_inTheMiddleOfAMessage_losesNothing() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(HeartbeatPolicy.client()).stream(
                HeartbeatCodecs.binary(), MessageLength.prefixed(4)))) {
            rig.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 2, 42, 43, 0, 0}));
            rig.channel.pipeline().remove(rig.handler);
            rig.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 1, 44}));
            assertEquals("\0\0\0\2*+" + "\0\0\0\1,", String.join("", rig.app.messages));
        }
    }
}
