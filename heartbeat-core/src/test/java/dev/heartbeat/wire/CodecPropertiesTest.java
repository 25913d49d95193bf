package dev.heartbeat.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every codec and any bytes. */
class CodecPropertiesTest {
    private static final byte[] SECRET =
            "what an earlier frame left behind".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    @Property
    void decode_whatWasEncoded_givesTheSameFrame(@ForAll("frames") HeartbeatFrame frame) {
        byte[] bytes = Hex.bytes(HeartbeatCodecs.binary(), frame);
        assertTrue(bytes.length <= 125);
        HeartbeatFrame back = dirty();
        assertEquals(DecodeResult.HEARTBEAT, HeartbeatCodecs.binary().decode(ByteBuffer.wrap(bytes), back));
        assertSameFrame(frame, back);
        assertArrayEquals(bytes, Hex.bytes(HeartbeatCodecs.binary(), back));
    }

    @Property
    void decode_everyTruncation_needsMoreAndConsumesNothing(@ForAll("frames") HeartbeatFrame frame) {
        byte[] bytes = Hex.bytes(HeartbeatCodecs.binary(), frame);
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer in = ByteBuffer.wrap(bytes); // what lies beyond the limit would complete it
            in.limit(length);
            assertEquals(DecodeResult.NEED_MORE, HeartbeatCodecs.binary().decode(in, new HeartbeatFrame()));
            assertEquals(0, in.position());
            assertEquals(length, in.limit());
        }
    }

    @Property
    void answer_echoesExactlyWhatCame(@ForAll("frames") HeartbeatFrame sent) {
        if (!sent.kind().isAnswered()) {
            return;
        }
        byte[] request = Hex.bytes(HeartbeatCodecs.binary(), sent);
        HeartbeatFrame received = dirty();
        HeartbeatCodecs.binary().decode(ByteBuffer.wrap(request), received);
        byte[] answer = Hex.bytes(HeartbeatCodecs.binary(), received.answer());
        assertEquals(0x90 | (request[0] & 0x0F), answer[0] & 0xFF);
        request[0] = answer[0];
        assertArrayEquals(request, answer); // all but the kind, and not a byte of what was in the frame before
    }

    @Property(tries = 5000)
    void decode_anyBytes_keepsToTheContract(
            @ForAll("codecs") HeartbeatCodec codec, @ForAll("garbage") byte[] bytes, @ForAll boolean direct) {
        ByteBuffer in = direct ? ByteBuffer.allocateDirect(bytes.length + 9) : ByteBuffer.allocate(bytes.length + 9);
        in.position(4);
        in.put(bytes).flip().position(4);
        ByteBuffer view = in.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        while (true) {
            int before = view.position();
            int there = view.remaining();
            HeartbeatFrame frame = new HeartbeatFrame();
            DecodeResult result = codec.decode(view, frame);
            assertEquals(4 + bytes.length, view.limit());
            assertSame(ByteOrder.LITTLE_ENDIAN, view.order());
            if (result != DecodeResult.HEARTBEAT) {
                assertEquals(before, view.position());
                assertFalse(result == DecodeResult.NEED_MORE && there >= codec.maxFrameBytes());
                ByteBuffer message = view.duplicate();
                assertFalse(codec.decodeMessage(message, frame) == DecodeResult.NEED_MORE);
                assertEquals(before, message.position());
                return;
            }
            int taken = view.position() - before;
            assertTrue(taken > 0 && taken <= codec.maxFrameBytes());
            assertTrue(frame.payloadLength() < taken);
        }
    }

    @Property
    void decode_outcomeOfAPrefix_neverChangesWithMoreBytes(
            @ForAll("codecs") HeartbeatCodec codec, @ForAll("garbage") byte[] bytes) {
        DecodeResult known = DecodeResult.NEED_MORE;
        for (int length = 0; length <= bytes.length; length++) {
            DecodeResult result = codec.decode(ByteBuffer.wrap(bytes, 0, length), new HeartbeatFrame());
            assertTrue(known == DecodeResult.NEED_MORE || result == known, known + " became " + result);
            known = result;
        }
    }

    /** A stream of length-prefixed messages with heartbeats between them, in pieces: both sides get what is theirs. */
    @Property
    void stream_heartbeatsBetweenMessages_applicationGetsItsBytesExactly(
            @ForAll("codecs") HeartbeatCodec codec, @ForAll long seed, @ForAll boolean byteByByte) {
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteArrayOutputStream applications = new ByteArrayOutputStream();
        List<FrameKind> sent = new ArrayList<>();
        HeartbeatFrame frame = new HeartbeatFrame();
        for (int i = 0; i < 20; i++) {
            if (random.nextBoolean()) {
                frame.reset(random.nextBoolean() ? FrameKind.PING : FrameKind.PONG)
                        .id(random.nextInt(70_000));
                all.writeBytes(Hex.bytes(codec, frame));
                sent.add(frame.kind());
            } else {
                byte[] message = new byte[1 + random.nextInt(60)]; // one byte of length below 64, then anything
                random.nextBytes(message);
                message[0] = (byte) (message.length - 1);
                if (message.length - 1 == '*' || message.length - 1 == '+') {
                    continue; // would begin as a heartbeat of Redis may: such an application has another framing
                }
                all.writeBytes(message);
                applications.writeBytes(message);
            }
        }
        byte[] bytes = all.toByteArray();
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        List<FrameKind> received = new ArrayList<>();
        ByteBuffer in = ByteBuffer.allocate(256);
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(bytes.length - at, byteByByte ? 1 : 1 + random.nextInt(100));
            in.put(bytes, at, piece).flip();
            at += piece;
            hostTurn(codec, in, heard, received);
            in.compact();
        }
        assertEquals(0, in.position());
        assertEquals(sent, received);
        assertArrayEquals(applications.toByteArray(), heard.toByteArray());
    }

    private static void hostTurn(
            HeartbeatCodec codec, ByteBuffer in, ByteArrayOutputStream heard, List<FrameKind> received) {
        HeartbeatFrame frame = new HeartbeatFrame();
        while (in.hasRemaining()) {
            switch (codec.decode(in, frame)) {
                case HEARTBEAT -> received.add(frame.kind());
                case NOT_HEARTBEAT -> {
                    int length = 1 + in.get(in.position());
                    if (in.remaining() < length) {
                        return;
                    }
                    byte[] message = new byte[length];
                    in.get(message);
                    heard.writeBytes(message);
                }
                case NEED_MORE -> {
                    return;
                }
                default -> throw new AssertionError("malformed");
            }
        }
    }

    @Property
    void decode_everySplitInTwo_isAsIfWhole(
            @ForAll("frames") HeartbeatFrame first, @ForAll("frames") HeartbeatFrame second) {
        byte[] one = Hex.bytes(HeartbeatCodecs.binary(), first);
        byte[] two = Hex.bytes(HeartbeatCodecs.binary(), second);
        byte[] merged = new byte[one.length + two.length];
        System.arraycopy(one, 0, merged, 0, one.length);
        System.arraycopy(two, 0, merged, one.length, two.length);
        for (int split = 0; split <= merged.length; split++) {
            HeartbeatFrame frame = dirty();
            ByteBuffer in = ByteBuffer.wrap(merged);
            in.limit(split);
            int found = 0;
            for (int turn = 0; turn < 2; turn++) {
                while (HeartbeatCodecs.binary().decode(in, frame) == DecodeResult.HEARTBEAT) {
                    assertSameFrame(found++ == 0 ? first : second, frame);
                }
                in.limit(merged.length);
            }
            assertEquals(2, found);
            assertFalse(in.hasRemaining());
        }
    }

    private static HeartbeatFrame dirty() {
        return new HeartbeatFrame()
                .id(99)
                .intervalMs(99)
                .delayMs(99)
                .payload(ByteBuffer.wrap(SECRET), 0, SECRET.length);
    }

    private static void assertSameFrame(HeartbeatFrame expected, HeartbeatFrame actual) {
        assertEquals(expected.toString(), actual.toString());
        for (int i = 0; i < expected.payloadLength(); i++) {
            assertEquals(expected.payload(i), actual.payload(i));
        }
    }

    @Provide
    Arbitrary<HeartbeatCodec> codecs() {
        return Arbitraries.of(
                HeartbeatCodecs.binary(),
                HeartbeatCodecs.line(),
                HeartbeatCodecs.redis(),
                HeartbeatCodecs.fixed(new byte[] {(byte) 0xC0, 0}, new byte[] {(byte) 0xD0, 0}));
    }

    @Provide
    Arbitrary<HeartbeatFrame> frames() {
        Arbitrary<Long> numbers = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 300), Arbitraries.longs().between(0, Long.MAX_VALUE));
        Arbitrary<byte[]> payloads =
                Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(96); // 1 + 3 * 9 + 1 + 96 = 125
        return Combinators.combine(
                        Arbitraries.of(FrameKind.values()),
                        Arbitraries.integers().between(0, 7),
                        numbers,
                        numbers,
                        numbers,
                        payloads)
                .as((kind, fields, id, interval, delay, payload) -> {
                    HeartbeatFrame frame = new HeartbeatFrame().reset(kind);
                    if ((fields & 1) != 0) {
                        frame.id(id);
                    }
                    if ((fields & 2) != 0) {
                        frame.intervalMs(Math.max(1, interval));
                    }
                    if (kind == FrameKind.ECHO_AFTER || (kind == FrameKind.PONG && (fields & 4) != 0)) {
                        frame.delayMs(delay);
                    }
                    return kind == FrameKind.BEAT ? frame : frame.payload(ByteBuffer.wrap(payload), 0, payload.length);
                });
    }

    @Provide
    Arbitrary<byte[]> garbage() {
        Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<byte[]> nearly = Combinators.combine(
                        Arbitraries.integers().between(0x80, 0xBF),
                        Arbitraries.oneOf(Arbitraries.bytes(), Arbitraries.of((byte) 0, (byte) 0xFF, (byte) 0x80, (byte)
                                        1))
                                .array(byte[].class)
                                .ofMaxSize(140))
                .as((first, rest) -> {
                    byte[] bytes = new byte[rest.length + 1];
                    bytes[0] = first.byteValue();
                    System.arraycopy(rest, 0, bytes, 1, rest.length);
                    return bytes;
                });
        Arbitrary<byte[]> text = Arbitraries.strings()
                .withChars("PINGO+*$14\r\n ping")
                .ofMaxLength(40)
                .map(HeartbeatCodecs::ascii);
        return Arbitraries.oneOf(any, nearly, text);
    }
}
