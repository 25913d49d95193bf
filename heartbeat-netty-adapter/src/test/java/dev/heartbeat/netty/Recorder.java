package dev.heartbeat.netty;

import dev.heartbeat.DeathCause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The application's end of a pipeline: remembers what it was told, in order. */
final class Recorder extends ChannelInboundHandlerAdapter implements DeathListener {
    final List<String> told = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();
    final List<Throwable> errors = new CopyOnWriteArrayList<>();
    final List<DeathCause> causes = new CopyOnWriteArrayList<>();

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof HeartbeatEvent event) {
            told.add(event.kind().name());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        messages.add(
                msg instanceof io.netty.buffer.ByteBuf bytes
                        ? bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1)
                        : msg.getClass().getSimpleName());
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        told.add("inactive");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        errors.add(cause);
    }

    @Override
    public void channelDead(Channel channel, DeathCause cause) {
        told.add("dead " + cause.kind());
        causes.add(cause);
    }
}
