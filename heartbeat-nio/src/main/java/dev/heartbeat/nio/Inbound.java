package dev.heartbeat.nio;

import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.HeartbeatFrame;
import dev.heartbeat.wire.HeartbeatStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * What arrives through one channel: heartbeats are taken out, the rest is the application's.
 *
 * <p>Bytes are read into the application's own buffer and put together there. Only the beginning of what may be a
 * heartbeat, or of a message whose length it does not yet tell, is held back until more has come.
 */
final class Inbound {
    private final ReadableByteChannel channel;
    private final Protocol protocol;
    private final HeartbeatStream stream;
    private @Nullable ByteBuffer held; // ready to be got from; null or empty if nothing is held

    Inbound(ReadableByteChannel channel, Protocol protocol) {
        this.channel = channel;
        this.protocol = protocol;
        stream = new HeartbeatStream(protocol.codec, protocol.messages);
    }

    /** What is told of what has arrived. */
    interface Witness {
        /** Bytes have arrived. */
        void arrived();

        /** Answers whether to go on. */
        boolean heard(HeartbeatFrame frame);

        /** Nothing that follows can be understood. */
        void malformed(String what);
    }

    /**
     * Reads what fits.
     *
     * @return bytes of the application, 0 or more; −1 at the end of the stream
     */
    int read(ByteBuffer dst, HeartbeatFrame frame, Witness witness) throws IOException {
        int start = dst.position();
        int heldBytes = heldBytes();
        if (dst.remaining() <= heldBytes) {
            Require.that(
                    dst.capacity() > heldBytes, "dst", dst, "a capacity > " + heldBytes + ", as long as a heartbeat");
            return 0;
        }
        ByteBuffer before = held;
        if (before != null && heldBytes > 0) {
            dst.put(before);
        }
        int arrived;
        try {
            arrived = channel.read(dst);
        } catch (IOException e) {
            dst.position(start);
            throw e;
        }
        if (arrived < 0) {
            return heldBytes > 0 ? heldBytes : -1; // half a heartbeat or none: the application's, to judge
        }
        if (arrived == 0) {
            hold(dst, start, dst.position());
            dst.position(start);
            return 0;
        }
        witness.arrived();
        return part(dst, start, frame, witness);
    }

    private int part(ByteBuffer dst, int start, HeartbeatFrame frame, Witness witness) {
        int limit = dst.limit();
        int end = dst.position();
        int to = start;
        dst.limit(end).position(start);
        try {
            boolean more = true;
            while (more) {
                DecodeResult result = stream.next(dst, frame);
                if (result == DecodeResult.NOT_HEARTBEAT) {
                    int from = dst.position();
                    int bytes = stream.applicationBytes();
                    if (from != to) {
                        dst.put(to, dst, from, bytes);
                    }
                    to += bytes;
                    dst.position(from + bytes);
                } else if (result == DecodeResult.HEARTBEAT) {
                    more = witness.heard(frame);
                } else {
                    more = false;
                    if (result == DecodeResult.NEED_MORE) {
                        keep(dst, witness);
                    } else {
                        witness.malformed(result.name());
                    }
                }
            }
        } finally {
            dst.limit(limit).position(to);
        }
        return to - start;
    }

    private void keep(ByteBuffer dst, Witness witness) {
        if (dst.remaining() > Protocol.LONGEST_HEAD) {
            witness.malformed("no length in the first " + dst.remaining() + " bytes of a message");
        } else {
            hold(dst, dst.position(), dst.limit());
        }
    }

    private void hold(ByteBuffer bytes, int from, int to) {
        int length = to - from;
        if (length > 0) {
            ByteBuffer kept = held;
            if (kept == null || kept.capacity() < length) {
                kept = ByteBuffer.allocate(Math.max(length, protocol.codec.maxFrameBytes()));
                held = kept;
            }
            kept.clear();
            kept.put(0, bytes, from, length).limit(length);
        }
    }

    private int heldBytes() {
        ByteBuffer kept = held;
        return kept == null ? 0 : kept.remaining();
    }
}
