package dev.heartbeat.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCodecTest {
    private final HeartbeatFrame frame = new HeartbeatFrame();

    @ParameterizedTest
    @ValueSource(strings = {"PING\r\n", "ping\r\n", "PONG\r\n", "+PONG\r\n", "+pong\r\n"})
    void line_everyPrefix_needsMoreUntilTheLineIsThere(String line) {
        for (int length = 0; length < line.length(); length++) {
            ByteBuffer in = ascii(line.substring(0, length));
            assertEquals(DecodeResult.NEED_MORE, HeartbeatCodecs.line().decode(in, frame));
            assertEquals(0, in.position());
        }
        ByteBuffer in = ascii(line + line);
        assertEquals(DecodeResult.HEARTBEAT, HeartbeatCodecs.line().decode(in, frame));
        assertEquals(line.length(), in.position());
        assertEquals(line.toUpperCase().contains("PING") ? FrameKind.PING : FrameKind.PONG, frame.kind());
        assertFalse(frame.hasId());
        assertEquals(DecodeResult.HEARTBEAT, HeartbeatCodecs.line().decode(in, frame));
        assertFalse(in.hasRemaining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PINGS\r\n",
                "PING \r\n",
                "PING hello\r\n",
                "PING\n",
                "PING\r\r\n",
                " PING\r\n",
                "+OK\r\n",
                "PUB a 1\r\n",
                "+PING\r\n",
                "\r\n",
                "p\u00CFNG\r\n",
                "P)NG\r\n",
                "PING-*",
                "\u000BPONG\r\n",
                "\u0000"
            })
    void line_otherLines_areTheApplications(String line) {
        ByteBuffer in = ascii(line);
        assertEquals(DecodeResult.NOT_HEARTBEAT, HeartbeatCodecs.line().decode(in, frame));
        assertEquals(0, in.position());
    }

    @Test
    void line_encode_asksAndAnswersAsNatsDoes() {
        assertEquals("PING\r\n", encoded(HeartbeatCodecs.line(), FrameKind.PING));
        assertEquals("PONG\r\n", encoded(HeartbeatCodecs.line(), FrameKind.PONG));
        assertEquals(Correlation.IN_ORDER, HeartbeatCodecs.line().correlation());
        assertFalse(HeartbeatCodecs.line().announcesInterval());
    }

    @Test
    void redis_knowsArraysToo() {
        assertEquals("PING\r\n", encoded(HeartbeatCodecs.redis(), FrameKind.PING));
        assertEquals("+PONG\r\n", encoded(HeartbeatCodecs.redis(), FrameKind.PONG));
        assertDecodes(FrameKind.PING, "*1\r\n$4\r\nPING\r\n");
        assertDecodes(FrameKind.PING, "PING\r\n");
        assertDecodes(FrameKind.PONG, "+PONG\r\n");
        assertDecodes(FrameKind.PONG, "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
        assertEquals(
                DecodeResult.NOT_HEARTBEAT,
                HeartbeatCodecs.redis().decode(ascii("*2\r\n$4\r\npong\r\n$1\r\nx\r\n"), frame));
        assertEquals(DecodeResult.NOT_HEARTBEAT, HeartbeatCodecs.redis().decode(ascii("*1\r\n$4\r\nTIME\r\n"), frame));
    }

    @Test
    void encode_kindThatTheProtocolLacks_refused() {
        ByteBuffer out = ByteBuffer.allocate(20);
        HeartbeatCodec line = HeartbeatCodecs.line();
        assertThrows(IllegalArgumentException.class, () -> line.encode(out, frame.reset(FrameKind.BEAT)));
        assertThrows(IllegalArgumentException.class, () -> line.encode(out, frame.reset(FrameKind.ECHO_AFTER)));
        assertEquals(0, out.position());
    }

    @Test
    void encode_noRoom_writesNothing() {
        ByteBuffer out = ByteBuffer.allocate(5);
        assertThrows(
                BufferOverflowException.class, () -> HeartbeatCodecs.line().encode(out, frame.reset(FrameKind.PING)));
        assertEquals(0, out.position());
    }

    @Test
    void fixed_mqtt_exactBytesOnly() {
        byte[] ping = HexFormat.of().parseHex("c000");
        HeartbeatCodec mqtt = HeartbeatCodecs.fixed(ping, HexFormat.of().parseHex("d000"));
        ping[0] = 0; // was copied
        assertEquals(DecodeResult.HEARTBEAT, mqtt.decode(Hex.buffer("c0 00"), frame));
        assertEquals(FrameKind.PING, frame.kind());
        assertEquals(DecodeResult.HEARTBEAT, mqtt.decode(Hex.buffer("d0 00"), frame));
        assertEquals(FrameKind.PONG, frame.kind());
        assertEquals(DecodeResult.NOT_HEARTBEAT, mqtt.decode(Hex.buffer("c1 00"), frame));
        assertEquals(DecodeResult.NOT_HEARTBEAT, mqtt.decode(Hex.buffer("c0 01"), frame));
        assertEquals("c0 00", Hex.encoded(mqtt, frame.reset(FrameKind.PING)));
        assertEquals(2, mqtt.maxFrameBytes());
    }

    @Test
    void fixed_letters_matterTheirCase() {
        HeartbeatCodec codec = HeartbeatCodecs.fixed(new byte[] {'a'}, new byte[] {'b'});
        assertEquals(DecodeResult.NOT_HEARTBEAT, codec.decode(ascii("A"), frame));
        assertEquals(DecodeResult.HEARTBEAT, codec.decode(ascii("a"), frame));
    }

    @Test
    void fixed_oneIsTheBeginningOfTheOther_refused() {
        byte[] crlf = {13, 10};
        byte[] twice = {13, 10, 13, 10};
        assertThrows(IllegalArgumentException.class, () -> HeartbeatCodecs.fixed(twice, crlf));
        assertThrows(IllegalArgumentException.class, () -> HeartbeatCodecs.fixed(crlf, twice));
        assertThrows(IllegalArgumentException.class, () -> HeartbeatCodecs.fixed(crlf, crlf));
        assertThrows(IllegalArgumentException.class, () -> HeartbeatCodecs.fixed(new byte[0], crlf));
        assertThrows(IllegalArgumentException.class, () -> HeartbeatCodecs.fixed(crlf, new byte[126]));
    }

    private void assertDecodes(FrameKind kind, String text) {
        assertEquals(DecodeResult.HEARTBEAT, HeartbeatCodecs.redis().decode(ascii(text), frame), text);
        assertEquals(kind, frame.kind());
    }

    private String encoded(HeartbeatCodec codec, FrameKind kind) {
        return new String(Hex.bytes(codec, frame.reset(kind)), ISO_8859_1);
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }
}
