package dev.heartbeat.netty.snippets;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.netty.HeartbeatEvent;
import dev.heartbeat.netty.HeartbeatHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/** One line instead. */
final class After {
    private After() {}

    static void configure(ChannelPipeline pipeline) {
        // tag::after[]
        pipeline.addLast(HeartbeatHandler.webSocket(HeartbeatPolicy.server()));
        // end::after[]
    }

    /** For those who want to know. */
    static void configure(ChannelPipeline pipeline, List<String> log) {
        configure(pipeline);
        // tag::events[]
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof HeartbeatEvent heartbeat) {
                    log.add(heartbeat.toString()); // DEAD: PEER_SILENT after PT55S of silence, ...
                } else {
                    ctx.fireUserEventTriggered(event);
                }
            }
        });
        // end::events[]
    }
}
