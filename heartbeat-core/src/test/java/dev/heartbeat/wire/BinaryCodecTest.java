package dev.heartbeat.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BinaryCodecTest {
    private final HeartbeatCodec codec = HeartbeatCodecs.binary();
    private final HeartbeatFrame frame = new HeartbeatFrame();

    @Test
    void encode_barePing_isOneByteAndItsId() {
        assertEquals("81 07", Hex.encoded(codec, frame.reset(FrameKind.PING).id(7)));
        assertEquals("80", Hex.encoded(codec, frame.reset(FrameKind.PING)));
    }

    @Test
    void encode_eachKindAndField_hasTheDocumentedBytes() {
        assertEquals(
                "83 ff ff 03 b0 ea 01",
                Hex.encoded(codec, frame.reset(FrameKind.PING).id(0xFFFF).intervalMs(30_000)));
        assertEquals("91 07", Hex.encoded(codec, frame.reset(FrameKind.PONG).id(7)));
        assertEquals(
                "a5 01 e0 d4 03",
                Hex.encoded(codec, frame.reset(FrameKind.ECHO_AFTER).id(1).delayMs(60_000)));
        assertEquals(
                "b3 00 01", Hex.encoded(codec, frame.reset(FrameKind.BEAT).id(0).intervalMs(1)));
        assertEquals(
                "88 02 de ad", Hex.encoded(codec, frame.reset(FrameKind.PING).payload(Hex.buffer("de ad"), 0, 2)));
        assertEquals(
                "81 ff ff ff ff ff ff ff ff 7f",
                Hex.encoded(codec, frame.reset(FrameKind.PING).id(Long.MAX_VALUE)));
    }

    @Test
    void decode_everyFirstByte_isOursOnlyFrom80ToBf() {
        for (int first = 0; first < 256; first++) {
            ByteBuffer in = ByteBuffer.wrap(new byte[] {(byte) first, 1, 1, 1, 1, 1});
            DecodeResult result = codec.decode(in, frame);
            boolean ours = first >= 0x80 && first <= 0xBF;
            assertEquals(!ours, result == DecodeResult.NOT_HEARTBEAT, "first byte " + first);
            if (result != DecodeResult.HEARTBEAT) {
                assertEquals(0, in.position(), "first byte " + first);
            }
        }
    }

    @Test
    void decode_everyKindWithEveryFlag_takesWhatGoesTogetherOnly() {
        for (int kind = 0; kind < 4; kind++) {
            for (int flags = 0; flags < 16; flags++) {
                boolean delay = (flags & 4) != 0;
                boolean payload = (flags & 8) != 0;
                boolean legal = switch (kind) {
                    case 0 -> !delay;
                    case 1 -> true;
                    case 2 -> delay;
                    default -> !delay && !payload;
                };
                ByteBuffer in = ByteBuffer.wrap(new byte[] {(byte) (0x80 | (kind << 4) | flags), 1, 1, 1, 1, 1});
                assertEquals(
                        legal ? DecodeResult.HEARTBEAT : DecodeResult.BAD_FLAGS,
                        codec.decode(in, frame),
                        "kind " + kind + " flags " + flags);
            }
        }
    }

    @Test
    void encode_fieldsThatDoNotGoTogether_refusedAndNothingWritten() {
        ByteBuffer out = ByteBuffer.allocate(125);
        ByteBuffer one = Hex.buffer("2a");
        assertThrows(
                IllegalArgumentException.class,
                () -> codec.encode(out, frame.reset(FrameKind.PING).delayMs(1)));
        assertThrows(IllegalArgumentException.class, () -> codec.encode(out, frame.reset(FrameKind.ECHO_AFTER)));
        assertThrows(
                IllegalArgumentException.class,
                () -> codec.encode(out, frame.reset(FrameKind.BEAT).payload(one, 0, 1)));
        assertEquals(0, out.position());
    }

    @Test
    void decode_numberLongerThanNeedBe_refused() {
        assertDecodes(DecodeResult.BAD_NUMBER, "81 80 00");
        assertDecodes(DecodeResult.BAD_NUMBER, "81 87 80 00");
        assertDecodes(DecodeResult.BAD_NUMBER, "81 ff ff ff ff ff ff ff ff 00");
        assertDecodes(DecodeResult.HEARTBEAT, "81 00");
        assertDecodes(DecodeResult.HEARTBEAT, "81 80 01");
    }

    @Test
    void decode_numberOfMoreThan63Bits_refusedAtItsNinthByte() {
        assertDecodes(DecodeResult.BAD_NUMBER, "81 ff ff ff ff ff ff ff ff ff");
        assertDecodes(DecodeResult.BAD_NUMBER, "81 80 80 80 80 80 80 80 80 80 01");
        assertDecodes(DecodeResult.NEED_MORE, "81 ff ff ff ff ff ff ff ff");
        assertDecodes(DecodeResult.HEARTBEAT, "81 ff ff ff ff ff ff ff ff 7f");
        assertEquals(Long.MAX_VALUE, frame.id());
    }

    @Test
    void decode_intervalOfZero_refused() {
        assertDecodes(DecodeResult.BAD_NUMBER, "82 00");
        assertDecodes(DecodeResult.HEARTBEAT, "82 01");
    }

    @Test
    void decode_delayOfZero_isADelay() {
        assertDecodes(DecodeResult.HEARTBEAT, "a4 00");
        assertTrue(frame.hasDelay());
        assertEquals(0, frame.delayMs());
    }

    @Test
    void decode_everyLengthByte_neverReadsOrKeepsMoreThanCame() {
        for (int length = 0; length < 256; length++) {
            for (int there = 0; there < 260; there += length < 3 || length > 120 ? 1 : 13) {
                byte[] bytes = new byte[2 + there];
                bytes[0] = (byte) 0x88;
                bytes[1] = (byte) length;
                DecodeResult expected = length == 0 || length > 123
                        ? DecodeResult.BAD_LENGTH
                        : there < length ? DecodeResult.NEED_MORE : DecodeResult.HEARTBEAT;
                ByteBuffer in = ByteBuffer.wrap(bytes);
                assertEquals(expected, codec.decode(in, frame), "length " + length + ", there " + there);
                if (expected == DecodeResult.HEARTBEAT) {
                    assertEquals(length, frame.payloadLength());
                    assertEquals(2 + length, in.position());
                }
            }
        }
    }

    @Test
    void encode_payloadAtAndAboveTheLongestFrame_writtenAndRefused() {
        ByteBuffer payload = ByteBuffer.allocate(125);
        ByteBuffer out = ByteBuffer.allocate(200);
        codec.encode(out, frame.reset(FrameKind.PING).payload(payload, 0, 123));
        assertEquals(codec.maxFrameBytes(), out.position());
        assertThrows(
                IllegalArgumentException.class,
                () -> codec.encode(out, frame.reset(FrameKind.PING).payload(payload, 0, 124)));
        assertThrows(
                IllegalArgumentException.class,
                () -> codec.encode(out, frame.reset(FrameKind.PING).id(1).payload(payload, 0, 123)));
        assertEquals(125, out.position());
    }

    @Test
    void encode_noRoom_writesNothing() {
        frame.reset(FrameKind.PING).id(0xFFFF).intervalMs(30_000);
        for (int room = 0; room < 7; room++) {
            ByteBuffer out = ByteBuffer.allocate(room);
            assertThrows(BufferOverflowException.class, () -> codec.encode(out, frame));
            assertEquals(0, out.position());
        }
        codec.encode(ByteBuffer.allocate(7), frame);
    }

    @Test
    void decodeMessage_halfAFrameOrBytesLeftOver_refusedWithoutConsuming() {
        assertEquals(DecodeResult.HEARTBEAT, codec.decodeMessage(Hex.buffer("81 07"), frame));
        for (String bad : new String[] {"81", "81 87", "81 07 00", "81 07 81 07"}) {
            ByteBuffer message = Hex.buffer(bad);
            assertEquals(DecodeResult.BAD_LENGTH, codec.decodeMessage(message, frame), bad);
            assertEquals(0, message.position(), bad);
        }
        assertEquals(DecodeResult.NOT_HEARTBEAT, codec.decodeMessage(Hex.buffer(""), frame));
        assertEquals(DecodeResult.NOT_HEARTBEAT, codec.decodeMessage(Hex.buffer("7b 7d"), frame));
        assertEquals(DecodeResult.BAD_FLAGS, codec.decodeMessage(Hex.buffer("84 01"), frame));
    }

    @Test
    void codec_describesItself() {
        assertEquals(Correlation.BY_ID, codec.correlation());
        assertTrue(codec.announcesInterval());
        for (FrameKind kind : FrameKind.values()) {
            assertTrue(codec.supports(kind));
        }
        assertFalse(DecodeResult.NOT_HEARTBEAT.isMalformed());
        assertTrue(DecodeResult.BAD_FLAGS.isMalformed());
        assertTrue(DecodeResult.MALFORMED.isMalformed());
    }

    private void assertDecodes(DecodeResult expected, String hex) {
        assertEquals(expected, codec.decode(Hex.buffer(hex), frame), hex);
    }
}
