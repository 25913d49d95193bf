package dev.heartbeat.netty;

import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatFrame;
import dev.heartbeat.wire.HeartbeatStream;
import dev.heartbeat.wire.MessageLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;

/**
 * Takes the heartbeats out of a byte stream and passes the application's bytes on, uncopied but for the beginning of
 * what has come in part.
 */
final class StreamHandler extends ChannelInboundHandlerAdapter {
    /** The beginning of a message that does not say its length within that is none. */
    private static final int MOST_WAITING_BYTES = 64 * 1024;

    private final ChannelHeartbeat heartbeat;
    private final HeartbeatReader reader;
    private final HeartbeatStream stream;
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;
    private boolean broken;
    private boolean removed;

    StreamHandler(ChannelHeartbeat heartbeat, HeartbeatReader reader, HeartbeatCodec codec, MessageLength messages) {
        this.heartbeat = heartbeat;
        this.reader = reader;
        stream = new HeartbeatStream(codec, messages);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        LoopHeartbeats loop = heartbeat.loop();
        if (!(msg instanceof ByteBuf bytes) || loop == null) {
            ctx.fireChannelRead(msg);
            return;
        }
        if (broken) {
            bytes.release();
            return;
        }
        ByteBuf in = joined(ctx.alloc(), bytes);
        try {
            part(ctx, in, loop.frame());
        } finally {
            keep(ctx, in);
        }
    }

    private ByteBuf joined(ByteBufAllocator allocator, ByteBuf bytes) {
        if (!waiting.isReadable()) {
            return bytes;
        }
        ByteBuf old = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        try {
            return allocator
                    .buffer(old.readableBytes() + bytes.readableBytes())
                    .writeBytes(old)
                    .writeBytes(bytes);
        } finally {
            old.release();
            bytes.release();
        }
    }

    private void part(ChannelHandlerContext ctx, ByteBuf in, HeartbeatFrame frame) {
        ByteBuffer view = in.nioBuffer();
        int start = in.readerIndex();
        while (!removed) {
            DecodeResult result = next(view, frame);
            if (result == DecodeResult.HEARTBEAT) {
                in.readerIndex(start + view.position());
                reader.taken(in, frame);
            } else if (result == DecodeResult.NOT_HEARTBEAT) {
                int length = stream.applicationBytes();
                view.position(view.position() + length);
                ctx.fireChannelRead(in.readRetainedSlice(length));
            } else if (result == DecodeResult.NEED_MORE && in.readableBytes() <= MOST_WAITING_BYTES) {
                return;
            } else {
                broken = true;
                in.skipBytes(in.readableBytes());
                heartbeat.broke("malformed heartbeat: " + result);
                return;
            }
        }
    }

    /** A codec that throws, against its contract, would only throw again on the same bytes: the stream is broken. */
    private DecodeResult next(ByteBuffer view, HeartbeatFrame frame) {
        try {
            return stream.next(view, frame);
        } catch (RuntimeException e) {
            heartbeat.fireError(e);
            return DecodeResult.MALFORMED;
        }
    }

    private void keep(ChannelHandlerContext ctx, ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
        } else if (removed) {
            ctx.fireChannelRead(in);
        } else {
            waiting = ctx.alloc().buffer(in.readableBytes()).writeBytes(in);
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        removed = true;
        ByteBuf left = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        if (left.isReadable()) {
            ctx.fireChannelRead(left); // the application's, as far as anybody knows
            ctx.fireChannelReadComplete();
        }
    }

    private void release() {
        waiting.release();
        waiting = Unpooled.EMPTY_BUFFER;
    }
}
