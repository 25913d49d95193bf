package dev.heartbeat.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;

/** A channel in virtual time whose socket takes only so many bytes at a flush, and the rest by and by. */
final class StuckChannel extends EmbeddedChannel {
    long bytesPerFlush = Long.MAX_VALUE;

    /** The socket takes some more, as if the selector had said so: no handler is asked. */
    void drain(long bytes) {
        take(unsafe().outboundBuffer(), bytes);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        if (bytesPerFlush == Long.MAX_VALUE) {
            super.doWrite(in);
        } else {
            take(in, bytesPerFlush);
        }
    }

    private static void take(ChannelOutboundBuffer in, long bytes) {
        long left = bytes;
        while (left > 0) {
            Object message = in.current();
            if (message == null) {
                return;
            }
            if (message instanceof FileRegion region) {
                long moved = Math.min(left, region.count() - in.currentProgress());
                in.progress(moved);
                left -= moved;
                if (in.currentProgress() >= region.count()) {
                    in.remove();
                }
            } else {
                ByteBuf buffer = (ByteBuf) message;
                long moved = Math.min(left, buffer.readableBytes());
                left -= moved;
                in.removeBytes(moved);
            }
        }
    }
}
