package dev.heartbeat.netty;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** The frames of a codec, each a buffer of its own. */
final class CodecProtocol implements HeartbeatProtocol<ByteBuf> {
    private final HeartbeatCodec codec;

    CodecProtocol(HeartbeatCodec codec) {
        this.codec = requireNonNull(codec, "codec");
        if (!codec.supports(FrameKind.PING) || !codec.supports(FrameKind.PONG)) {
            throw new IllegalArgumentException("codec: " + codec + " (expected: one with ping and pong)");
        }
    }

    @Override
    public Class<ByteBuf> messageType() {
        return ByteBuf.class;
    }

    @Override
    public DecodeResult read(ByteBuf message, HeartbeatFrame out) {
        int length = message.readableBytes();
        if (length == 0) {
            return DecodeResult.NOT_HEARTBEAT;
        }
        if (length <= codec.maxFrameBytes()) {
            return codec.decodeMessage(message.nioBuffer(), out);
        }
        // Too long for a heartbeat, but it may begin as one; no more of it needs to be in one piece than a frame takes.
        ByteBuffer beginning = message.nioBuffer(message.readerIndex(), codec.maxFrameBytes());
        return codec.decode(beginning, out) == DecodeResult.NOT_HEARTBEAT
                ? DecodeResult.NOT_HEARTBEAT
                : DecodeResult.BAD_LENGTH;
    }

    @Override
    public ByteBuf write(HeartbeatFrame frame, ByteBufAllocator allocator) {
        int room = codec.maxFrameBytes();
        ByteBuf message = allocator.ioBuffer(room, room);
        try {
            ByteBuffer out = message.nioBuffer(0, room);
            codec.encode(out, frame);
            return message.writerIndex(out.position());
        } catch (RuntimeException e) {
            message.release();
            throw e;
        }
    }

    @Override
    public Correlation correlation() {
        return codec.correlation();
    }

    @Override
    public boolean announcesInterval() {
        return codec.announcesInterval();
    }
}
