package dev.heartbeat.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * Parts one connection's incoming bytes into heartbeats and the application's, which it does not change or copy.
 *
 * <pre>{@code
 * in.flip();
 * boolean more = true;
 * while (more) {
 *     switch (stream.next(in, frame)) {
 *         case HEARTBEAT -> heard(frame);
 *         case NOT_HEARTBEAT -> take(in, stream.applicationBytes());   // exactly so many; moves the position
 *         case NEED_MORE -> more = false;
 *         default -> close();                                          // malformed
 *     }
 * }
 * in.compact();
 * }</pre>
 *
 * <p>It remembers one number: how much of a message is still to come. What of a heartbeat or of the beginning of a
 * message has come in part stays in the host's buffer, which must hold the longer of these two; of long messages the
 * application gets each part when it comes.
 *
 * <p><b>Threading:</b> confined to one thread at a time; one for each connection.
 */
public final class HeartbeatStream {
    private final HeartbeatCodec codec;
    private final MessageLength messages;
    private long left; // bytes of the message that are known to come
    private boolean goesOn; // and more behind them
    private int applicationBytes;

    /**
     * Begins at the start of a connection, where a message may begin.
     *
     * @param codec tells heartbeats
     * @param messages tells how far a message reaches
     */
    public HeartbeatStream(HeartbeatCodec codec, MessageLength messages) {
        this.codec = requireNonNull(codec, "codec");
        this.messages = requireNonNull(messages, "messages");
    }

    /**
     * Looks at what comes next.
     *
     * @param in bytes from the position to the limit; after {@link DecodeResult#NOT_HEARTBEAT} the position has to be
     *     moved by {@link #applicationBytes()} before the next call
     * @param out the heartbeat, after {@link DecodeResult#HEARTBEAT}
     * @return as {@link HeartbeatCodec#decode}; {@link DecodeResult#NOT_HEARTBEAT} only with one byte or more,
     *     {@link DecodeResult#NEED_MORE} if there is nothing to be told from what is there
     */
    public DecodeResult next(ByteBuffer in, HeartbeatFrame out) {
        applicationBytes = 0;
        if (!in.hasRemaining()) {
            return DecodeResult.NEED_MORE;
        }
        if (left == 0) {
            if (!goesOn) {
                DecodeResult result = codec.decode(in, out);
                if (result != DecodeResult.NOT_HEARTBEAT) {
                    return result;
                }
            }
            long length = messages.of(in);
            if (length == MessageLength.UNKNOWN) {
                return DecodeResult.NEED_MORE;
            }
            goesOn = length < 0;
            left = Math.abs(length);
        }
        applicationBytes = (int) Math.min(left, in.remaining());
        left -= applicationBytes;
        return DecodeResult.NOT_HEARTBEAT;
    }

    /**
     * How many bytes, from the position on, are the application's.
     *
     * @return 1 or more after {@link DecodeResult#NOT_HEARTBEAT}, else 0
     */
    public int applicationBytes() {
        return applicationBytes;
    }

    /**
     * Whether a message of the application has begun and not ended: a heartbeat of ours must not be written into one, so
     * this tells the same of a stream of outgoing bytes.
     *
     * @return true from the first byte of a message that was handed out to its last
     */
    public boolean isWithinMessage() {
        return left > 0 || goesOn;
    }
}
