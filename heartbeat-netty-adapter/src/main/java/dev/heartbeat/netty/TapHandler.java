package dev.heartbeat.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Looks at heartbeats where they come to a handler that keeps them for itself, and leaves them to it. */
final class TapHandler extends ChannelInboundHandlerAdapter {
    private final HeartbeatReader reader;

    TapHandler(HeartbeatReader reader) {
        this.reader = reader;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        reader.look(msg);
        ctx.fireChannelRead(msg);
    }
}
