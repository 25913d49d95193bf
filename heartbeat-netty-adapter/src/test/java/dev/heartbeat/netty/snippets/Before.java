package dev.heartbeat.netty.snippets;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

/** What is found in many servers: an idle handler and a ping handler made at home. */
final class Before {
    private Before() {}

    static void configure(ChannelPipeline pipeline) {
        // tag::before[]
        pipeline.addLast(new IdleStateHandler(55, 30, 0));
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof IdleStateEvent idle) {
                    if (idle.state() == IdleState.WRITER_IDLE) {
                        ctx.writeAndFlush(new PingWebSocketFrame()); // and if it cannot be written?
                    } else {
                        ctx.close(); // a big download, a pause of our own, or really gone? And who is told why?
                    }
                } else {
                    ctx.fireUserEventTriggered(event);
                }
            }
        });
        // end::before[]
    }
}
