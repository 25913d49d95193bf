package dev.heartbeat.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The ready codecs.
 *
 * <p><b>Threading:</b> what is returned is immutable and shared.
 */
public final class HeartbeatCodecs {
    private static final HeartbeatCodec BINARY = new BinaryCodec();
    private static final HeartbeatCodec LINE = TokenCodec.ofLines("PONG\r\n", "PING\r\n", "PONG\r\n", "+PONG\r\n");
    private static final HeartbeatCodec REDIS = TokenCodec.ofLines(
            "+PONG\r\n", "PING\r\n", "+PONG\r\n", "*1\r\n$4\r\nPING\r\n", "*2\r\n$4\r\npong\r\n$0\r\n\r\n");

    private HeartbeatCodecs() {}

    /**
     * The default frame, for applications that have no heartbeat of their own.
     *
     * <pre>
     * first byte   1 0 k k p d i n    k: 0 ping, 1 pong, 2 echo after, 3 beat; then which fields follow, in this order
     *   n  id        varint           i  interval  varint, milliseconds, &gt; 0
     *   d  delay     varint, ms       p  payload   one byte of length, 1 or more, and so many bytes
     * </pre>
     *
     * <p>A varint has seven bits a byte, the lowest first, the high bit set on all but the last byte; at most 63 bits and
     * never longer than it need be. A ping, a beat: id, interval; a ping also payload; an echo-after must have a delay and
     * may have any; a pong repeats every field of what it answers. Anything else is refused, and so is a frame of more
     * than 125 bytes: it fits a WebSocket control frame.
     *
     * <p>The first byte is from 0x80 to 0xBF. No message in ASCII or UTF-8 begins so, and no length below 2<sup>31</sup>
     * in four bytes, high byte first. An application whose messages may begin with such a byte needs another codec or
     * its own message around the frame.
     *
     * <p>The length byte only says where the payload ends within what has come. It never makes anything be read, kept
     * or sent back that has not been received (RFC 6520, section 4, and CVE-2014-0160 tell why).
     *
     * @return answers by id, announces the interval, knows every {@link FrameKind}
     */
    public static HeartbeatCodec binary() {
        return BINARY;
    }

    /**
     * Lines of text: {@code PING\r\n} is answered by {@code PONG\r\n}, as in NATS. The answer of Redis,
     * {@code +PONG\r\n}, is understood as well, so this serves a client of either. Case does not matter; {@code PING}
     * with an argument is the application's.
     *
     * @return answers in order
     */
    public static HeartbeatCodec line() {
        return LINE;
    }

    /**
     * The ping of Redis: {@code PING\r\n}, or the same as an array of one, is answered by {@code +PONG\r\n}; the array
     * that a subscribed connection gets instead is understood as well. Answers of Redis come in the order of the
     * commands: between commands that are still unanswered, an answer is one to the ping only when its turn has come.
     *
     * @return answers in order
     */
    public static HeartbeatCodec redis() {
        return REDIS;
    }

    /**
     * A ping and a pong that are always the same bytes, such as {@code C0 00} and {@code D0 00} of MQTT.
     *
     * @param ping 1 byte to 125; copied
     * @param pong 1 byte to 125; copied
     * @return answers in order
     * @throws IllegalArgumentException if one is empty, too long, or the beginning of the other, as then nobody could
     *     tell after the shorter one what it was
     */
    public static HeartbeatCodec fixed(byte[] ping, byte[] pong) {
        return TokenCodec.ofBytes(ping, pong);
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
