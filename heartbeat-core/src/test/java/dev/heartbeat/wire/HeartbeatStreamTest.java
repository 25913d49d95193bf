package dev.heartbeat.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HeartbeatStreamTest {
    private static final byte NEWLINE = '\n';

    private final HeartbeatFrame frame = new HeartbeatFrame();

    @Test
    void next_heartbeatBytesWithinAMessage_areTheApplications() {
        HeartbeatStream stream = new HeartbeatStream(HeartbeatCodecs.line(), MessageLength.prefixed(1));
        ByteBuffer in = ByteBuffer.wrap("\u0006PING\r\nPING\r\n".getBytes(ISO_8859_1));
        assertEquals(DecodeResult.NOT_HEARTBEAT, stream.next(in, frame));
        assertEquals(7, stream.applicationBytes());
        in.position(7);
        assertFalse(stream.isWithinMessage());
        assertEquals(DecodeResult.HEARTBEAT, stream.next(in, frame));
        assertEquals(0, stream.applicationBytes());
        assertEquals(DecodeResult.NEED_MORE, stream.next(in, frame));
    }

    @Test
    void next_longMessage_isHandedOutInPartsAndNotHeldBack() {
        HeartbeatStream stream = new HeartbeatStream(HeartbeatCodecs.binary(), MessageLength.prefixed(4));
        assertEquals(DecodeResult.NEED_MORE, stream.next(Hex.buffer("00 00 01"), frame));
        assertFalse(stream.isWithinMessage());
        assertEquals(DecodeResult.NOT_HEARTBEAT, stream.next(Hex.buffer("00 00 00 03 81"), frame));
        assertEquals(5, stream.applicationBytes());
        assertTrue(stream.isWithinMessage());
        ByteBuffer rest = Hex.buffer("81 07 81 07");
        assertEquals(DecodeResult.NOT_HEARTBEAT, stream.next(rest, frame));
        assertEquals(2, stream.applicationBytes());
        rest.position(2);
        assertEquals(DecodeResult.HEARTBEAT, stream.next(rest, frame));
        assertEquals(7, frame.probeId());
    }

    @Test
    void next_malformed_isToldEachTime() {
        HeartbeatStream stream = new HeartbeatStream(HeartbeatCodecs.binary(), MessageLength.endingWith(NEWLINE));
        ByteBuffer in = Hex.buffer("84 01");
        assertEquals(DecodeResult.BAD_FLAGS, stream.next(in, frame));
        assertEquals(DecodeResult.BAD_FLAGS, stream.next(in, frame));
        assertEquals(0, in.position());
    }

    @Test
    void prefixed_longestLengths_doNotOverflow() {
        assertEquals(4 + 0xFFFF_FFFFL, MessageLength.prefixed(4).of(Hex.buffer("ff ff ff ff")));
        assertEquals(1, MessageLength.prefixed(1).of(Hex.buffer("00")));
        assertEquals(MessageLength.UNKNOWN, MessageLength.prefixed(2).of(Hex.buffer("00")));
        assertThrows(IllegalArgumentException.class, () -> MessageLength.prefixed(0));
        assertThrows(IllegalArgumentException.class, () -> MessageLength.prefixed(5));
    }

    @Property
    void stream_linesAndFramesInAnyPieces_partsThemExactly(@ForAll long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (random.nextBoolean()) {
                long id = random.nextInt(1 << (1 + random.nextInt(30)));
                all.writeBytes(Hex.bytes(
                        HeartbeatCodecs.binary(), frame.reset(FrameKind.PING).id(id)));
                sent.add(id);
            } else {
                byte[] line = new byte[1 + random.nextInt(50)];
                for (int at = 0; at < line.length; at++) {
                    line[at] = (byte) (at == 0 ? random.nextInt(128) : random.nextInt(256)); // within: anything
                    line[at] = line[at] == NEWLINE ? 0 : line[at];
                }
                line[line.length - 1] = NEWLINE;
                all.writeBytes(line);
                lines.writeBytes(line);
            }
        }
        HeartbeatStream stream = new HeartbeatStream(HeartbeatCodecs.binary(), MessageLength.endingWith(NEWLINE));
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        List<Long> received = new ArrayList<>();
        byte[] bytes = all.toByteArray();
        ByteBuffer in = ByteBuffer.allocate(HeartbeatCodecs.binary().maxFrameBytes());
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(bytes.length - at, Math.min(in.remaining(), 1 + random.nextInt(40)));
            in.put(bytes, at, piece).flip();
            at += piece;
            boolean more = true;
            while (more) {
                switch (stream.next(in, frame)) {
                    case HEARTBEAT -> received.add(frame.id());
                    case NOT_HEARTBEAT -> {
                        byte[] part = new byte[stream.applicationBytes()];
                        in.get(part);
                        heard.writeBytes(part);
                    }
                    case NEED_MORE -> more = false;
                    default -> throw new AssertionError("malformed");
                }
            }
            in.compact();
        }
        assertEquals(0, in.position());
        assertEquals(sent, received);
        assertArrayEquals(lines.toByteArray(), heard.toByteArray());
        assertFalse(stream.isWithinMessage());
    }
}
