package dev.heartbeat.netty;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.ConnectionStatistics;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Liveness;
import dev.heartbeat.interval.Phase;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a channel alive and closes it when its peer is dead.
 *
 * <pre>{@code
 * pipeline.addLast(HeartbeatHandler.webSocket(HeartbeatPolicy.server()));
 * pipeline.addLast(new ChatHandler());                            // sees neither pings nor pongs
 * }</pre>
 *
 * <p>It stands where heartbeats are messages of the pipeline: behind the decoder that makes them, before the
 * application. By itself it puts another handler to the front, next to the socket. There every byte that arrives is a
 * sign of life, whatever it is decoded to and whoever swallows it, and a message counts as sent when it has left, or
 * while it leaves. Removing this handler removes what it brought along.
 *
 * <p>Handlers behind it get {@link HeartbeatEvent}s. A peer that is dead is told as {@link HeartbeatEvent.Kind#DEAD} with
 * its cause, then the channel is closed, at once and without a goodbye. A channel that the peer closes, or that fails, is
 * told with that cause before {@code channelInactive}. Of a channel that we close ourselves nothing is told.
 *
 * <p>All channels of an event loop share one monitor with one wheel and one scheduled task, on the loop's own clock: in
 * tests, {@code EmbeddedChannel.freezeTime} and {@code advanceTimeBy} do what one hopes for. A message costs two reads of
 * that clock and two stores.
 *
 * <p>It is no replacement for a limit on the time of a handshake, nor does it limit how slowly a request may come in.
 *
 * <p><b>Threading:</b> one handler for one channel; not sharable, and not to be added with an executor of its own. Its
 * methods may be called by any thread where they do not say otherwise.
 */
public final class HeartbeatHandler extends ChannelInboundHandlerAdapter {
    private final HandlerBuilder settings;
    private volatile @Nullable ChannelHeartbeat heartbeat; // any thread may ask for it
    private @Nullable HeartbeatReader reader;
    private @Nullable ChannelInboundHandler helper;
    private boolean onlyPasses;

    HeartbeatHandler(HandlerBuilder settings) {
        this.settings = settings;
    }

    /**
     * Heartbeats as control frames of WebSocket, for servers and clients. To be added behind
     * {@code WebSocketServerProtocolHandler} or {@code WebSocketClientProtocolHandler}, if there is one; pings are then
     * answered there, else here. The channel is watched from the end of the handshake.
     *
     * <p>A browser answers pings and cannot send any: with {@link HeartbeatPolicy#server()} a quiet one is asked for a
     * sign of life before it is given up. Needs {@code netty-codec-http}.
     *
     * @param policy may be shared
     * @return a new handler for one channel
     */
    public static HeartbeatHandler webSocket(HeartbeatPolicy policy) {
        return builder(policy).webSocket().build();
    }

    /**
     * Heartbeats as frames of {@link HeartbeatCodecs#binary()}, each a message of its own; see
     * {@link #frames(HeartbeatPolicy, HeartbeatCodec)}.
     *
     * @param policy may be shared
     * @return a new handler for one channel
     */
    public static HeartbeatHandler frames(HeartbeatPolicy policy) {
        return builder(policy).build();
    }

    /**
     * Heartbeats as frames of a codec, each a message of its own: for pipelines in which each {@code ByteBuf} is a whole
     * message, behind a {@code LengthFieldBasedFrameDecoder} and {@code LengthFieldPrepender} for instance.
     *
     * @param policy may be shared
     * @param codec has ping and pong
     * @return a new handler for one channel
     * @throws IllegalArgumentException if the codec has no ping or no pong
     */
    public static HeartbeatHandler frames(HeartbeatPolicy policy, HeartbeatCodec codec) {
        return builder(policy).protocol(HeartbeatProtocol.frames(codec)).build();
    }

    /**
     * Heartbeats as raw frames of a codec between the messages of a byte stream: for the place before the application's
     * own decoder, behind TLS. What is written there must be whole messages, so that no ping comes to stand in one.
     *
     * @param policy may be shared
     * @param codec has ping and pong
     * @param messages tells how far a message of the application reaches
     * @return a new handler for one channel
     * @throws IllegalArgumentException if the codec has no ping or no pong
     */
    public static HeartbeatHandler stream(HeartbeatPolicy policy, HeartbeatCodec codec, MessageLength messages) {
        return builder(policy).stream(codec, messages).build();
    }

    /**
     * Heartbeats in messages of the application's own.
     *
     * @param policy may be shared
     * @param protocol may be shared
     * @return a new handler for one channel
     */
    public static HeartbeatHandler messages(HeartbeatPolicy policy, HeartbeatProtocol<?> protocol) {
        return builder(policy).protocol(protocol).build();
    }

    /**
     * Builds handlers with more to say about them.
     *
     * @param policy may be shared
     * @return a new builder
     */
    public static HandlerBuilder builder(HeartbeatPolicy policy) {
        return new HandlerBuilder(policy);
    }

    // ---- in the pipeline

    /**
     * Begins to watch the channel, as soon as it is active and speaks the protocol.
     *
     * @param ctx its context
     * @throws IllegalStateException if the handler was added with an executor other than the channel's event loop
     */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.executor() != ctx.channel().eventLoop()) {
            throw new IllegalStateException("executor: " + ctx.executor() + " (expected: the channel's event loop)");
        }
        ChannelHeartbeat its = new ChannelHeartbeat(ctx, settings);
        HeartbeatReader reads = new HeartbeatReader(its, settings.protocol, ctx.alloc());
        heartbeat = its;
        reader = reads;
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addFirst(its.edge());
        ChannelHandlerContext other = settings.protocol.answeredBy(pipeline);
        if (settings.streamCodec != null && settings.messages != null) {
            helper = new StreamHandler(its, reads, settings.streamCodec, settings.messages);
            pipeline.addBefore(ctx.name(), null, helper);
        } else if (other != null) {
            helper = new TapHandler(reads);
            pipeline.addBefore(other.name(), null, helper);
        }
        onlyPasses = helper != null;
        its.start();
    }

    /**
     * Stops watching the channel, and takes away what was added for it. Nothing is told afterwards.
     *
     * @param ctx its context
     */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (helper != null && ctx.pipeline().context(helper) != null) {
            ctx.pipeline().remove(helper);
        }
        ChannelHeartbeat its = heartbeat;
        if (its != null) {
            its.remove();
        }
    }

    /**
     * Takes heartbeats, and passes everything else on.
     *
     * @param ctx its context
     * @param msg any message
     */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (onlyPasses || reader == null || !reader.take(msg)) {
            ctx.fireChannelRead(msg);
        }
    }

    /**
     * A handshake may just have ended: looks whether the channel speaks the protocol now.
     *
     * @param ctx its context
     * @param evt any event; passed on
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        ChannelHeartbeat its = heartbeat;
        if (its != null) {
            its.start();
        }
        ctx.fireUserEventTriggered(evt);
    }

    // ---- for the application

    /** Sends a probe at once, unless one is on its way. */
    public void probeNow() {
        inLoop(its -> its.command((monitor, handle, nowNs) -> monitor.probeNow(handle, nowNs)));
    }

    /**
     * Tells that the application came to the foreground, or left it.
     *
     * @param phase the new phase
     */
    public void phase(Phase phase) {
        requireNonNull(phase, "phase");
        inLoop(its -> its.command((monitor, handle, nowNs) -> monitor.phase(handle, phase, nowNs)));
    }

    /** Tells that the device moved to another network, or may have. */
    public void networkChanged() {
        inLoop(its -> its.command((monitor, handle, nowNs) -> monitor.networkChanged(handle, nowNs)));
    }

    /**
     * Gives the channel another policy. One that contradicts itself is refused in the pipeline's {@code exceptionCaught},
     * and the old one stays.
     *
     * @param policy the new one
     */
    public void policy(HeartbeatPolicy policy) {
        requireNonNull(policy, "policy");
        inLoop(its -> its.policy(policy));
    }

    /**
     * What is known of the channel's peer.
     *
     * <p><b>Threading:</b> to be called by the channel's event loop.
     *
     * @return {@link Liveness#CLOSED} while the channel is not watched: not yet or no longer
     */
    public Liveness liveness() {
        ChannelHeartbeat its = heartbeat;
        return its == null ? Liveness.CLOSED : its.liveness();
    }

    /**
     * What was counted for the channel.
     *
     * <p><b>Threading:</b> to be called by the channel's event loop.
     *
     * @return a snapshot
     * @throws IllegalStateException if the channel is not watched: not yet or no longer
     */
    public ConnectionStatistics statistics() {
        ChannelHeartbeat its = heartbeat;
        ConnectionStatistics counted = its == null ? null : its.statistics();
        if (counted == null) {
            throw new IllegalStateException("statistics: none (expected: a channel that is watched)");
        }
        return counted;
    }

    private void inLoop(Consumer<ChannelHeartbeat> command) {
        ChannelHeartbeat its = heartbeat;
        if (its == null) {
            return;
        }
        if (its.channel().eventLoop().inEventLoop()) {
            command.accept(its);
        } else {
            its.channel().eventLoop().execute(() -> command.accept(its));
        }
    }
}
