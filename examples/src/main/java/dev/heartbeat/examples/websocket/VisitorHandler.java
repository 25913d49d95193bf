package dev.heartbeat.examples.websocket;

import dev.heartbeat.ConnectionStatistics;
import dev.heartbeat.Liveness;
import dev.heartbeat.netty.HeartbeatEvent;
import dev.heartbeat.netty.HeartbeatHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One visitor: says hello with the name of their tab, and is told every second how their connection is. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails here is a channel that closes, and that is told otherwise
final class VisitorHandler extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private static final int LONGEST_WORD = 200;

    private final Room room;
    private String name = "somebody";
    private @Nullable Future<?> everySecond;

    VisitorHandler(Room room) {
        this.room = room;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            room.enter(ctx.channel());
            everySecond = ctx.executor().scheduleAtFixedRate(() -> report(ctx), 0, 1, TimeUnit.SECONDS);
        } else if (event instanceof HeartbeatEvent heartbeat) {
            room.tell(name + " " + heartbeat);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private static void report(ChannelHandlerContext ctx) {
        HeartbeatHandler heartbeat = ctx.pipeline().get(HeartbeatHandler.class);
        if (heartbeat != null && heartbeat.liveness() != Liveness.CLOSED) {
            ConnectionStatistics counted = heartbeat.statistics();
            ctx.writeAndFlush(new TextWebSocketFrame(
                    "you " + heartbeat.liveness() + " " + counted.probes() + " " + counted.acks()));
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
        String word = frame.text();
        if (word.length() > LONGEST_WORD) {
            ctx.close();
        } else if (word.startsWith("hello ")) {
            name = word.substring("hello ".length());
            room.tell(name + " here, " + room.size() + " online");
        } else if (word.startsWith("shows ")) {
            room.tell(name + " " + word);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (everySecond != null) {
            everySecond.cancel(false);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // a reset comes here too; what became of the peer was told as an event
    }
}
