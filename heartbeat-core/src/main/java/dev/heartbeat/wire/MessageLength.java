package dev.heartbeat.wire;

import dev.heartbeat.internal.Checks;
import java.nio.ByteBuffer;

/**
 * How far the application's message reaches: what {@link HeartbeatStream} has to know of an application to find the
 * places between its messages.
 *
 * <p><b>Threading:</b> immutable, shared by all connections.
 */
@FunctionalInterface
public interface MessageLength {
    /** The answer while there are too few bytes to say. */
    long UNKNOWN = 0;

    /**
     * Says how many bytes, from the position on, are the message's.
     *
     * @param in at least one byte from the position to the limit, neither of which may be moved
     * @return n &gt; 0: the message ends behind n bytes, which need not have come yet; −n: the next n bytes, which have
     *     come, are the message's and it goes on, so ask again behind them; {@link #UNKNOWN}: ask again from here when
     *     more has come
     */
    long of(ByteBuffer in);

    /**
     * Messages that end with a byte, such as lines.
     *
     * @param last the byte that ends a message and is nowhere else in it
     * @return the length of such messages
     */
    static MessageLength endingWith(byte last) {
        return in -> {
            int start = in.position();
            for (int at = start; at < in.limit(); at++) {
                if (in.get(at) == last) {
                    return at - start + 1L;
                }
            }
            return -in.remaining();
        };
    }

    /**
     * Messages that begin with their length, high byte first, not counting these bytes.
     *
     * @param prefixBytes from 1 to 4
     * @return the length of such messages. With {@link HeartbeatCodecs#binary()} lengths must be below half the range, as
     *     the frame's first byte is from 0x80 to 0xBF
     * @throws IllegalArgumentException if out of range
     */
    static MessageLength prefixed(int prefixBytes) {
        Checks.inRange("prefixBytes", prefixBytes, 1, 4);
        return in -> {
            if (in.remaining() < prefixBytes) {
                return UNKNOWN;
            }
            long length = 0;
            for (int i = 0; i < prefixBytes; i++) {
                length = (length << 8) | (in.get(in.position() + i) & 0xFF);
            }
            return prefixBytes + length;
        };
    }

    /**
     * Text in UTF-8 or ASCII, however it is parted into messages: a heartbeat may stand between any two characters. It
     * goes with {@link HeartbeatCodecs#binary()}, as no character begins with a byte from 0x80 to 0xBF, and with no other.
     *
     * @return the length of runs of characters
     */
    static MessageLength utf8() {
        return Utf8Text.INSTANCE;
    }
}
