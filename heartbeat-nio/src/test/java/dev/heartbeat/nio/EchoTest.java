package dev.heartbeat.nio;

import static dev.heartbeat.nio.Bytes.PING;
import static dev.heartbeat.nio.Bytes.PONG;
import static dev.heartbeat.nio.Bytes.bytes;
import static dev.heartbeat.nio.Bytes.readBlocking;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that is asked to speak after a time. */
@Timeout(60)
class EchoTest {
    private static final byte[] SPEAK_AFTER_300 = {(byte) 0xA5, 9, (byte) 0xAC, 0x02};
    private static final byte[] SPOKEN_AFTER_300 = {(byte) 0x95, 9, (byte) 0xAC, 0x02};
    private static final byte[] REFUSED = {(byte) 0x95, 9, 0};

    private static Loop loop(EchoLimits limits) throws IOException {
        return new Loop(NioHeartbeats.builder().policy(Loop.probing()).echoes(limits));
    }

    private static SocketChannel client(Loop loop) throws IOException {
        Loop.Pair pair = loop.connect();
        loop.heartbeats.open(loop.register(pair.served()));
        pair.client().configureBlocking(false);
        return pair.client();
    }

    private static byte[] hear(Loop loop, SocketChannel client, int count) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(count);
        loop.until(() -> !in.hasRemaining(), () -> {
            loop.readReady();
            client.read(in);
        });
        return in.array();
    }

    @Test
    void request_isAnsweredAfterTheDelay_andNothingIsSaidBefore() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) { // which probes each 100 ms, and kills after 250
            SocketChannel client = client(loop);
            long askedNs = System.nanoTime();
            client.write(bytes(PING, SPEAK_AFTER_300));
            assertArrayEquals(PONG, hear(loop, client, 2));
            assertArrayEquals(SPOKEN_AFTER_300, hear(loop, client, 4));
            assertTrue(System.nanoTime() - askedNs >= 300_000_000L);
            assertEquals(List.of(), loop.causes);
            assertEquals(0, loop.misses);
            client.write(bytes(PING)); // from now on it is judged as before
            assertArrayEquals(PONG, hear(loop, client, 2));
            loop.until(() -> loop.dead.size() == 1, loop::readReady);
        }
    }

    @Test
    void request_whileOneIsPending_isRefusedAndTold() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) {
            SocketChannel client = client(loop);
            client.write(bytes(SPEAK_AFTER_300, SPEAK_AFTER_300));
            assertArrayEquals(REFUSED, hear(loop, client, 3));
            assertEquals(List.of(Refusal.ECHO_OVER_LIMIT), loop.refusals);
            assertEquals(1, loop.heartbeats.monitor().statistics().refused());
            assertArrayEquals(SPOKEN_AFTER_300, hear(loop, client, 4));
        }
    }

    @Test
    void requests_fromOneAddress_areLimited_andRoomComesBack() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults().perAddress(2).inAll(3))) {
            SocketChannel first = client(loop);
            SocketChannel second = client(loop);
            SocketChannel third = client(loop);
            first.write(bytes(SPEAK_AFTER_300));
            second.write(bytes(SPEAK_AFTER_300));
            loop.until(() -> loop.heartbeats.echoes().size() == 2, loop::readReady);
            third.write(bytes(SPEAK_AFTER_300));
            assertArrayEquals(REFUSED, hear(loop, third, 3));
            first.close();
            loop.until(() -> loop.heartbeats.echoes().size() == 1, loop::readReady);
            third.write(bytes(SPEAK_AFTER_300));
            assertArrayEquals(SPOKEN_AFTER_300, hear(loop, third, 4));
        }
    }

    @Test
    void delay_outsideOfTheLimits_isBroughtWithin_andTheAnswerSaysSo() throws IOException {
        EchoLimits limits = EchoLimits.defaults().between(Duration.ofMillis(20), Duration.ofMillis(60));
        try (Loop loop = loop(limits)) {
            SocketChannel client = client(loop);
            client.write(bytes(SPEAK_AFTER_300));
            assertArrayEquals(new byte[] {(byte) 0x95, 9, 60}, hear(loop, client, 3));
        }
        try (Loop loop = loop(limits)) {
            SocketChannel client = client(loop);
            client.write(bytes(new byte[] {(byte) 0xA5, 9, 3}));
            assertArrayEquals(new byte[] {(byte) 0x95, 9, 20}, hear(loop, client, 3));
        }
    }

    @Test
    void frame_thatClampingWouldMakeTooLong_isRefused() throws IOException {
        EchoLimits limits = EchoLimits.defaults().between(Duration.ofSeconds(20), Duration.ofSeconds(60));
        try (Loop loop = loop(limits)) {
            SocketChannel client = client(loop);
            ByteBuffer longest = ByteBuffer.allocate(125);
            longest.put(new byte[] {(byte) 0xAD, 9, 3, 121}).rewind();
            client.write(longest);
            assertArrayEquals(REFUSED, hear(loop, client, 3));
            assertEquals(List.of(), loop.errors);
            assertEquals(0, loop.heartbeats.echoes().size());
        }
    }

    @Test
    void off_refusesEverything() throws IOException {
        try (Loop loop = loop(EchoLimits.off())) {
            SocketChannel client = client(loop);
            client.write(bytes(SPEAK_AFTER_300));
            assertArrayEquals(REFUSED, hear(loop, client, 3));
        }
    }

    @Test
    void peer_thatVanishesBeforeItsEcho_leavesNothingBehind() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) {
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                clients.add(client(loop));
                clients.get(i).write(bytes(SPEAK_AFTER_300));
            }
            loop.until(() -> loop.heartbeats.echoes().size() == 30, loop::readReady);
            for (SocketChannel client : clients) {
                client.close();
            }
            loop.until(() -> loop.dead.size() == 30, loop::readReady);
            assertEquals(0, loop.heartbeats.echoes().size());
            assertEquals(Long.MAX_VALUE, loop.heartbeats.echoes().delayNs(System.nanoTime()));
        }
    }

    @Test
    void ping_whileAnEchoIsPending_isStillAnswered() throws IOException {
        try (Loop loop = loop(EchoLimits.defaults())) {
            SocketChannel client = client(loop);
            client.write(bytes(SPEAK_AFTER_300));
            loop.until(() -> loop.heartbeats.echoes().size() == 1, loop::readReady);
            client.write(bytes(PING));
            assertArrayEquals(PONG, hear(loop, client, 2));
            assertArrayEquals(SPOKEN_AFTER_300, hear(loop, client, 4));
            client.configureBlocking(true);
            client.write(bytes(PING));
            loop.until(() -> loop.heartbeats.echoes().size() == 0, loop::readReady);
            assertArrayEquals(PONG, readBlocking(client, 2));
        }
    }
}
