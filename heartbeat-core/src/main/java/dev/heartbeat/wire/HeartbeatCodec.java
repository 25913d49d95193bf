package dev.heartbeat.wire;

import java.nio.ByteBuffer;

/**
 * The heartbeat of one protocol: tells it from the application's data, reads it and writes it.
 *
 * <p>It is not a framing. Heartbeats stand <em>between</em> the application's messages, never within one, so the host
 * calls {@link #decode} only where a message may begin:
 * <ul>
 *   <li>on a <b>byte stream</b>, whenever the application's decoder is at the start of a message: first the codec, and
 *       on {@link DecodeResult#NOT_HEARTBEAT} the application takes its one message and the codec is asked again.
 *       {@link HeartbeatStream} does so where it can be said how far a message reaches ({@link MessageLength});
 *   <li>where the transport marks the <b>ends of messages</b> (WebSocket, datagrams, a length before each message), with
 *       {@link #decodeMessage}, once for each whole message.
 * </ul>
 *
 * <p>A protocol's own is short:
 * <pre>{@code
 * final class Noop implements HeartbeatCodec {              // 0xFE asks, 0xFF answers
 *     public DecodeResult decode(ByteBuffer in, HeartbeatFrame out) {
 *         if (!in.hasRemaining()) return DecodeResult.NEED_MORE;
 *         int first = in.get(in.position()) & 0xFF;
 *         if (first < 0xFE) return DecodeResult.NOT_HEARTBEAT;
 *         in.get();
 *         out.reset(first == 0xFE ? FrameKind.PING : FrameKind.PONG);
 *         return DecodeResult.HEARTBEAT;
 *     }
 *     public void encode(ByteBuffer out, HeartbeatFrame frame) {
 *         out.put((byte) (frame.kind() == FrameKind.PONG ? 0xFF : 0xFE));
 *     }
 *     public int maxFrameBytes() { return 1; }
 * }
 * }</pre>
 * (If bytes alone make up ping and pong, {@link HeartbeatCodecs#fixed} is shorter still.)
 *
 * <p><b>Threading:</b> immutable, shared by all connections. What has come of half a frame stays in the host's buffer.
 */
public interface HeartbeatCodec {
    /**
     * Looks for one heartbeat at the position of {@code in}.
     *
     * <p>Whatever the bytes are, this never throws on them, never looks at or beyond the limit, and leaves limit, mark
     * and byte order as they are. The position moves only with {@link DecodeResult#HEARTBEAT}, to the first byte behind
     * the frame; with any other result it is where it was. {@link DecodeResult#NEED_MORE} comes only while fewer than
     * {@link #maxFrameBytes()} bytes remain, so that a buffer of that size never fills up without an outcome.
     *
     * @param in bytes from the position to the limit; may be empty, direct or read-only
     * @param out what was found; means something only after {@link DecodeResult#HEARTBEAT}
     * @return the outcome
     */
    DecodeResult decode(ByteBuffer in, HeartbeatFrame out);

    /**
     * Looks whether one whole message of the transport is a heartbeat, and nothing but one.
     *
     * @param message all of the message, from the position to the limit
     * @param out what was found; means something only after {@link DecodeResult#HEARTBEAT}
     * @return as {@link #decode}, but never {@link DecodeResult#NEED_MORE}: half a heartbeat, or one with bytes behind
     *     it, is {@link DecodeResult#BAD_LENGTH}; an empty message is {@link DecodeResult#NOT_HEARTBEAT}
     */
    default DecodeResult decodeMessage(ByteBuffer message, HeartbeatFrame out) {
        if (!message.hasRemaining()) {
            return DecodeResult.NOT_HEARTBEAT;
        }
        int start = message.position();
        DecodeResult result = decode(message, out);
        if (result == DecodeResult.NEED_MORE) {
            return DecodeResult.BAD_LENGTH;
        }
        if (result == DecodeResult.HEARTBEAT && message.hasRemaining()) {
            HeartbeatFrame.position(message, start);
            return DecodeResult.BAD_LENGTH;
        }
        return result;
    }

    /**
     * Writes one heartbeat at the position of {@code out}, which moves behind it; all of it or nothing. Fields that the
     * protocol cannot say are left out; an answer bears only what came with the request.
     *
     * @param out has {@link #maxFrameBytes()} bytes left, to be sure
     * @param frame of a kind that {@link #supports(FrameKind)}; not changed
     * @throws java.nio.BufferOverflowException if there is no room; nothing is written then
     * @throws IllegalArgumentException if the frame cannot be said in this protocol; nothing is written then
     */
    void encode(ByteBuffer out, HeartbeatFrame frame);

    /**
     * The longest heartbeat of this protocol, to be read or written.
     *
     * @return bytes, 1 or more
     */
    int maxFrameBytes();

    /**
     * How answers are matched with probes.
     *
     * @return {@link Correlation#IN_ORDER} if not overridden
     */
    default Correlation correlation() {
        return Correlation.IN_ORDER;
    }

    /**
     * Whether a ping or a beat can carry the interval of its sender.
     *
     * @return false if not overridden
     */
    default boolean announcesInterval() {
        return false;
    }

    /**
     * Whether there are frames of a kind in this protocol.
     *
     * @param kind any
     * @return true for {@link FrameKind#PING} and {@link FrameKind#PONG} if not overridden
     */
    default boolean supports(FrameKind kind) {
        return kind == FrameKind.PING || kind == FrameKind.PONG;
    }
}
