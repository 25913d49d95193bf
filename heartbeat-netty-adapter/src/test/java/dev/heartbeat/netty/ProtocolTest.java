package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heartbeat.HeartbeatPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolTest {
    interface Message {}

    record Ping(int id) implements Message {}

    record Pong(int id) implements Message {}

    record Chat(String text) implements Message {}

    private static final HeartbeatProtocol<Message> NUMBERED = HeartbeatProtocol.of(Message.class)
            .ping(Ping::new)
            .isPing(m -> m instanceof Ping)
            .pong(ping -> new Pong(((Ping) ping).id()))
            .isPong(m -> m instanceof Pong)
            .pongId(m -> ((Pong) m).id())
            .build();

    @Test
    void messagesOfTheApplication_areAskedAnsweredAndMatched() {
        try (Rig rig =
                new Rig(HeartbeatHandler.builder(HeartbeatPolicy.client()).protocol(NUMBERED))) {
            rig.channel.writeInbound(new Ping(4711));
            assertEquals(new Pong(4711), rig.channel.readOutbound());
            rig.pass(Duration.ofMillis(30_020));
            Ping ping = rig.channel.readOutbound();
            rig.channel.writeInbound(new Pong(ping.id() + 1)); // nobody's
            assertEquals(0, rig.handler.statistics().acks());
            rig.channel.writeInbound(new Pong(ping.id()));
            assertEquals(1, rig.handler.statistics().acks());
            rig.channel.writeInbound(new Chat("hi"));
            assertEquals(List.of("Chat"), rig.app.messages);
        }
    }

    @Test
    void constantStrings_areAProtocolToo() {
        HeartbeatProtocol<String> strings = HeartbeatProtocol.constant(String.class, "PING", "PONG");
        try (Rig rig =
                new Rig(HeartbeatHandler.builder(HeartbeatPolicy.client()).protocol(strings))) {
            rig.channel.writeInbound("PING", "hello");
            assertEquals("PONG", rig.channel.readOutbound());
            assertEquals(List.of("String"), rig.app.messages);
            rig.pass(31);
            assertEquals("PING", rig.channel.readOutbound());
        }
    }

    @Test
    void answersInOrder_ofProbesThatWereMissed_areLateAndNoMistake() {
        HeartbeatPolicy patient = HeartbeatPolicy.builder()
                .failureDetector(dev.heartbeat.detect.FailureDetectors.consecutiveMisses(10))
                .build();
        HeartbeatProtocol<String> strings = HeartbeatProtocol.constant(String.class, "PING", "PONG");
        try (Rig rig = new Rig(HeartbeatHandler.builder(patient).protocol(strings))) {
            rig.pass(55); // asked at 30, 40, 50
            rig.channel.writeInbound("PONG", "PONG");
            assertEquals(2, rig.handler.statistics().lateAcks());
            assertEquals(0, rig.handler.statistics().acks());
            rig.channel.writeInbound("PONG");
            assertEquals(1, rig.handler.statistics().acks());
            rig.channel.writeInbound("PONG"); // nobody's
            assertEquals(1, rig.handler.statistics().acks());
        }
    }

    @Test
    void badArguments_areRefusedWithTheirNames() {
        assertThrows(IllegalArgumentException.class, () -> HeartbeatProtocol.constant(String.class, "x", "x"));
        assertThrows(NullPointerException.class, () -> HeartbeatHandler.frames(null));
        NullPointerException missing = assertThrows(
                NullPointerException.class,
                () -> HeartbeatProtocol.of(String.class).ping(id -> "x").build());
        assertNotNull(missing.getMessage());
        assertEquals("isPing", missing.getMessage());
    }
}
