package dev.heartbeat.wire;

/**
 * What {@link HeartbeatCodec#decode} found at the buffer's position.
 *
 * <p>A result and not an exception: bytes from the network may be bad at any rate a peer likes, so that refusing them
 * has to cost nothing and has to be countable by kind.
 */
public enum DecodeResult {
    /** One whole heartbeat: the position stands behind it and the frame holds it. The only result that consumes. */
    HEARTBEAT,

    /** What is there may become a heartbeat: call again, from the same position, when more bytes have come. */
    NEED_MORE,

    /** The bytes at the position are the application's. */
    NOT_HEARTBEAT,

    /** Began as a heartbeat, but with a kind or flags that are unknown or do not go together. */
    BAD_FLAGS,

    /** A number in it is longer than it need be, longer than 63 bits, or beyond what it may say. */
    BAD_NUMBER,

    /** Longer than a heartbeat may be, shorter than it says, or with bytes left over where a message should end. */
    BAD_LENGTH,

    /** Bad in a way that has no name of its own; for codecs of other protocols. */
    MALFORMED;

    /**
     * Whether the peer broke the format. A byte stream is out of step from there on: nothing behind it can be
     * understood, and closing the connection is all that is left. Where the transport marks the ends of messages, the
     * one message can be dropped and counted.
     *
     * @return true for the {@code BAD_…} results and {@link #MALFORMED}
     */
    public boolean isMalformed() {
        return compareTo(BAD_FLAGS) >= 0;
    }
}
