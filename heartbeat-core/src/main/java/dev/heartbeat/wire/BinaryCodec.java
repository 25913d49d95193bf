package dev.heartbeat.wire;

import static dev.heartbeat.wire.HeartbeatFrame.HAS_DELAY;
import static dev.heartbeat.wire.HeartbeatFrame.HAS_ID;
import static dev.heartbeat.wire.HeartbeatFrame.HAS_INTERVAL;
import static dev.heartbeat.wire.HeartbeatFrame.HAS_PAYLOAD;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/** The default frame; its format is told at {@link HeartbeatCodecs#binary()}. */
final class BinaryCodec implements HeartbeatCodec {
    static final int MAX_FRAME = 125;

    private static final int MARK = 0x80;
    private static final int MARK_MASK = 0xC0;
    private static final int KIND_SHIFT = 4;
    private static final int FLAGS_MASK = 0x0F;
    private static final int VARINT_BYTES = 9; // 63 bits

    private static final int PING = 0; // the wire's own numbers: an enum may be sorted anew
    private static final int PONG = 1;
    private static final int ECHO_AFTER = 2;
    private static final int BEAT = 3;

    // Outcomes of reading a number; every number that can be read is 0 or more.
    private static final long MORE = -1;
    private static final long BAD = -2;

    @Override
    public DecodeResult decode(ByteBuffer in, HeartbeatFrame out) {
        int start = in.position();
        int limit = in.limit();
        if (start == limit) {
            return DecodeResult.NEED_MORE;
        }
        int first = in.get(start) & 0xFF;
        if ((first & MARK_MASK) != MARK) {
            return DecodeResult.NOT_HEARTBEAT;
        }
        FrameKind kind = kindOf((first >> KIND_SHIFT) & 3);
        int flags = first & FLAGS_MASK;
        if (!goTogether(kind, flags)) {
            return DecodeResult.BAD_FLAGS;
        }
        out.reset(kind);
        int at = start + 1;
        for (int flag = HAS_ID; flag <= HAS_DELAY; flag <<= 1) {
            if ((flags & flag) != 0) {
                long number = number(in, at, limit);
                if (number < 0) {
                    return number == MORE ? DecodeResult.NEED_MORE : DecodeResult.BAD_NUMBER;
                }
                if (flag == HAS_INTERVAL && number == 0) {
                    return DecodeResult.BAD_NUMBER;
                }
                put(out, flag, number);
                at += bytes(number);
            }
        }
        return (flags & HAS_PAYLOAD) != 0 ? payload(in, start, at, out) : done(in, at);
    }

    private static DecodeResult payload(ByteBuffer in, int start, int at, HeartbeatFrame out) {
        if (at == in.limit()) {
            return DecodeResult.NEED_MORE;
        }
        int length = in.get(at) & 0xFF;
        int from = at + 1;
        if (length == 0 || from - start + length > MAX_FRAME) {
            return DecodeResult.BAD_LENGTH;
        }
        if (in.limit() - from < length) {
            return DecodeResult.NEED_MORE;
        }
        out.payload(in, from, length);
        return done(in, from + length);
    }

    private static DecodeResult done(ByteBuffer in, int end) {
        HeartbeatFrame.position(in, end);
        return DecodeResult.HEARTBEAT;
    }

    private static long number(ByteBuffer in, int from, int limit) {
        long number = 0;
        for (int i = 0; i < VARINT_BYTES; i++) {
            if (limit - from <= i) {
                return MORE;
            }
            int next = in.get(from + i);
            number |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return next == 0 && i > 0 ? BAD : number; // a last byte of 0 adds nothing: one form for each number
            }
        }
        return BAD;
    }

    private static void put(HeartbeatFrame out, int flag, long number) {
        if (flag == HAS_ID) {
            out.id(number);
        } else if (flag == HAS_INTERVAL) {
            out.intervalMs(number);
        } else {
            out.delayMs(number);
        }
    }

    @Override
    public void encode(ByteBuffer out, HeartbeatFrame frame) {
        int flags = frame.flags();
        if (!goTogether(frame.kind(), flags)) {
            throw new IllegalArgumentException(
                    "frame: " + frame + " (expected: a delay in ECHO_AFTER and its PONG only, no payload in BEAT)");
        }
        int length = 1
                + (frame.hasId() ? bytes(frame.id()) : 0)
                + (frame.hasInterval() ? bytes(frame.intervalMs()) : 0)
                + (frame.hasDelay() ? bytes(frame.delayMs()) : 0)
                + (frame.payloadLength() > 0 ? 1 + frame.payloadLength() : 0);
        if (length > MAX_FRAME) {
            throw new IllegalArgumentException("frame: " + length + " bytes (expected: <= " + MAX_FRAME + ")");
        }
        if (out.remaining() < length) {
            throw new BufferOverflowException();
        }
        out.put((byte) (MARK | (numberOf(frame.kind()) << KIND_SHIFT) | flags));
        if (frame.hasId()) {
            write(out, frame.id());
        }
        if (frame.hasInterval()) {
            write(out, frame.intervalMs());
        }
        if (frame.hasDelay()) {
            write(out, frame.delayMs());
        }
        if (frame.payloadLength() > 0) {
            out.put((byte) frame.payloadLength());
            frame.payloadTo(out);
        }
    }

    private static void write(ByteBuffer out, long number) {
        long rest = number;
        while (rest > 0x7F) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static int bytes(long number) {
        return number == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(number) + 6) / 7;
    }

    /** What is not listed here is room for later versions, and refused by this one. */
    private static boolean goTogether(FrameKind kind, int flags) {
        return switch (kind) {
            case PING -> (flags & HAS_DELAY) == 0;
            case ECHO_AFTER -> (flags & HAS_DELAY) != 0;
            case BEAT -> (flags & (HAS_DELAY | HAS_PAYLOAD)) == 0;
            case PONG -> true; // has whatever came
        };
    }

    private static FrameKind kindOf(int number) {
        return switch (number) {
            case PING -> FrameKind.PING;
            case PONG -> FrameKind.PONG;
            case ECHO_AFTER -> FrameKind.ECHO_AFTER;
            default -> FrameKind.BEAT;
        };
    }

    private static int numberOf(FrameKind kind) {
        return switch (kind) {
            case PING -> PING;
            case PONG -> PONG;
            case ECHO_AFTER -> ECHO_AFTER;
            case BEAT -> BEAT;
        };
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME;
    }

    @Override
    public Correlation correlation() {
        return Correlation.BY_ID;
    }

    @Override
    public boolean announcesInterval() {
        return true;
    }

    @Override
    public boolean supports(FrameKind kind) {
        return true;
    }
}
