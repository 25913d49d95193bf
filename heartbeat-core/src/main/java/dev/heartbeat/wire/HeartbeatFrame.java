package dev.heartbeat.wire;

import static java.util.Objects.requireNonNull;

import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * One heartbeat, as a scratch pad that is written by {@link HeartbeatCodec#decode} or by hand, read, and used again.
 *
 * <p>It holds a copy of the payload, so that the buffer it was decoded from may be compacted or overwritten. One frame
 * per loop is enough: it is not kept, and a connection does not need one of its own.
 *
 * <pre>{@code
 * codec.encode(out, frame.reset(FrameKind.PING).id(probeId).intervalMs(30_000));   // to probe
 * if (frame.kind().isAnswered()) codec.encode(out, frame.answer());                // to answer what was decoded
 * }</pre>
 *
 * <p><b>Threading:</b> confined to one thread at a time.
 */
public final class HeartbeatFrame {
    /** The longest payload in bytes: that of a WebSocket control frame. The default codec carries a little less. */
    public static final int MAX_PAYLOAD = 125;

    /** The largest id that a probe of the monitor bears. Other users of a codec may go to {@link Long#MAX_VALUE}. */
    public static final int MAX_PROBE_ID = 0xFFFF;

    static final int HAS_ID = 1;
    static final int HAS_INTERVAL = 2;
    static final int HAS_DELAY = 4;
    static final int HAS_PAYLOAD = 8;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONGEST_MS = (Long.MAX_VALUE >> 1) / NANOS_PER_MILLI;

    private final byte[] payload = new byte[MAX_PAYLOAD];
    private FrameKind kind = FrameKind.PING;
    private int flags;
    private long id;
    private long intervalMs;
    private long delayMs;
    private int payloadLength;

    /** Makes a bare {@link FrameKind#PING}. */
    public HeartbeatFrame() {}

    /**
     * Forgets everything and begins a frame of a kind.
     *
     * @param kind the new kind
     * @return this
     */
    public HeartbeatFrame reset(FrameKind kind) {
        this.kind = requireNonNull(kind, "kind");
        flags = 0;
        id = 0;
        intervalMs = 0;
        delayMs = 0;
        payloadLength = 0;
        return this;
    }

    /**
     * Turns a request into its answer, in place: every field stays as it came.
     *
     * @return this, now a {@link FrameKind#PONG}
     * @throws IllegalStateException if this kind of frame is not answered: two sides that answer answers never stop
     */
    public HeartbeatFrame answer() {
        if (!kind.isAnswered()) {
            throw new IllegalStateException("answer: " + kind + " (expected: PING or ECHO_AFTER)");
        }
        kind = FrameKind.PONG;
        return this;
    }

    /**
     * What the frame asks for.
     *
     * @return {@link FrameKind#PING} if never set
     */
    public FrameKind kind() {
        return kind;
    }

    /**
     * Whether an id is there.
     *
     * @return false if the protocol has none or the sender left it out
     */
    public boolean hasId() {
        return (flags & HAS_ID) != 0;
    }

    /**
     * The id of the probe; of a {@link FrameKind#BEAT}, its sequence number.
     *
     * @return 0 or more; 0 also if there is none
     */
    public long id() {
        return id;
    }

    /**
     * Sets the id.
     *
     * @param id 0 or more
     * @return this
     * @throws IllegalArgumentException if {@code id} is negative
     */
    public HeartbeatFrame id(long id) {
        if (id < 0) {
            throw refused("id", id, ">= 0");
        }
        this.id = id;
        flags |= HAS_ID;
        return this;
    }

    /**
     * Whether the id is there and can be one of a probe of the monitor's. An answer without is not one of ours.
     *
     * @return true if {@link #id()} is set and at most {@link #MAX_PROBE_ID}
     */
    public boolean hasProbeId() {
        return hasId() && id <= MAX_PROBE_ID;
    }

    /**
     * The id as the monitor counts it.
     *
     * @return from 0 to {@link #MAX_PROBE_ID}
     * @throws IllegalStateException if {@link #hasProbeId()} is false
     */
    public int probeId() {
        if (!hasProbeId()) {
            throw new IllegalStateException("probeId: none (expected: an id up to " + MAX_PROBE_ID + ")");
        }
        return (int) id;
    }

    /**
     * Whether an interval is announced.
     *
     * @return false if the protocol has none or the sender left it out
     */
    public boolean hasInterval() {
        return (flags & HAS_INTERVAL) != 0;
    }

    /**
     * The interval at which the sender of the request means to speak. In an answer: that it has been heard.
     *
     * @return milliseconds, 1 or more; 0 if there is none. As the peer said it: clamp it before use
     */
    public long intervalMs() {
        return intervalMs;
    }

    /**
     * The same interval as the core counts.
     *
     * @return nanoseconds, saturated at half the range of a {@code long}; 0 if there is none
     */
    public long intervalNs() {
        return toNanos(intervalMs);
    }

    /**
     * Sets the announced interval. Round up: a window that is built on it must not be too short.
     *
     * @param intervalMs milliseconds, 1 or more
     * @return this
     * @throws IllegalArgumentException if {@code intervalMs} is less than 1
     */
    public HeartbeatFrame intervalMs(long intervalMs) {
        if (intervalMs <= 0) {
            throw refused("intervalMs", intervalMs, "> 0");
        }
        this.intervalMs = intervalMs;
        flags |= HAS_INTERVAL;
        return this;
    }

    /**
     * Whether a delay is asked for.
     *
     * @return true in an {@link FrameKind#ECHO_AFTER} and its answer
     */
    public boolean hasDelay() {
        return (flags & HAS_DELAY) != 0;
    }

    /**
     * How long the receiver should wait before it answers.
     *
     * @return milliseconds, 0 or more. As the peer said it: clamp it before use
     */
    public long delayMs() {
        return delayMs;
    }

    /**
     * The same delay as the core counts.
     *
     * @return nanoseconds, saturated at half the range of a {@code long}
     */
    public long delayNs() {
        return toNanos(delayMs);
    }

    /**
     * Sets the delay.
     *
     * @param delayMs milliseconds, 0 or more
     * @return this
     * @throws IllegalArgumentException if {@code delayMs} is negative
     */
    public HeartbeatFrame delayMs(long delayMs) {
        if (delayMs < 0) {
            throw refused("delayMs", delayMs, ">= 0");
        }
        this.delayMs = delayMs;
        flags |= HAS_DELAY;
        return this;
    }

    /**
     * How many bytes the sender wants back.
     *
     * @return from 0 to {@link #MAX_PAYLOAD}
     */
    public int payloadLength() {
        return payloadLength;
    }

    /**
     * One byte of the payload.
     *
     * @param index from 0, less than {@link #payloadLength()}
     * @return that byte
     * @throws IndexOutOfBoundsException if {@code index} is outside: what an earlier payload left behind is never shown
     */
    public byte payload(int index) {
        if (index < 0 || index >= payloadLength) {
            throw new IndexOutOfBoundsException("index: " + index + " (expected: from 0, below " + payloadLength + ")");
        }
        return payload[index];
    }

    /**
     * Writes the payload.
     *
     * @param out takes {@link #payloadLength()} bytes at its position, which moves behind them
     * @throws java.nio.BufferOverflowException if there is no room; nothing is written then
     */
    public void payloadTo(ByteBuffer out) {
        out.put(payload, 0, payloadLength);
    }

    /**
     * Copies the payload from a buffer. None of its bytes beyond {@code index + length} are looked at, and none beyond
     * its limit can be.
     *
     * @param in the source; neither its position nor its limit is used up
     * @param index absolute index of the first byte
     * @param length from 0 to {@link #MAX_PAYLOAD}; 0 for none
     * @return this
     * @throws IllegalArgumentException if {@code length} is out of range
     * @throws IndexOutOfBoundsException if those bytes are not all below the limit of {@code in}
     */
    public HeartbeatFrame payload(ByteBuffer in, int index, int length) {
        if (length < 0 || length > MAX_PAYLOAD) {
            throw refused("length", length, "from 0 to " + MAX_PAYLOAD);
        }
        if (index < 0 || index > in.limit() - length) {
            throw new IndexOutOfBoundsException(
                    "index: " + index + " (expected: " + length + " bytes below the limit)");
        }
        for (int i = 0; i < length; i++) {
            payload[i] = in.get(index + i);
        }
        payloadLength = length;
        flags = length == 0 ? flags & ~HAS_PAYLOAD : flags | HAS_PAYLOAD;
        return this;
    }

    int flags() {
        return flags;
    }

    /** Moves a position without the return type that only newer class libraries know. */
    static void position(Buffer buffer, int position) {
        buffer.position(position);
    }

    private static long toNanos(long ms) {
        return ms >= LONGEST_MS ? LONGEST_MS * NANOS_PER_MILLI : ms * NANOS_PER_MILLI;
    }

    private static IllegalArgumentException refused(String name, long value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.name());
        if (hasId()) {
            text.append(" id=").append(id);
        }
        if (hasInterval()) {
            text.append(" interval=").append(intervalMs).append("ms");
        }
        if (hasDelay()) {
            text.append(" delay=").append(delayMs).append("ms");
        }
        if (payloadLength > 0) {
            text.append(" payload=").append(payloadLength).append('B'); // its bytes stay out of logs
        }
        return text.toString();
    }
}
