package dev.heartbeat.netty;

import dev.heartbeat.ConnectionStatistics;
import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.Liveness;
import dev.heartbeat.Refusal;
import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One channel's heartbeat: a handle in its loop's monitor, and what it takes to act for it.
 *
 * <p><b>Threading:</b> confined to the channel's event loop.
 */
final class ChannelHeartbeat implements HeartbeatTransport {
    private static final long NONE = 0;

    private final ChannelHandlerContext ctx;
    private final HeartbeatProtocol<?> protocol;
    private final @Nullable DeathListener listener;
    private final boolean closeWhenDead;
    private final Answers answers;
    private final PromisedEcho echo;
    private final EdgeHandler edge = new EdgeHandler(this);
    private final ChannelFutureListener onProbeWritten = this::probeWritten;
    private HeartbeatPolicy policy;

    private @Nullable LoopHeartbeats loop;
    private long handle = NONE;
    private boolean ended;
    private boolean removed;
    private boolean tells;
    private @Nullable IOException failure;

    private final ProbesInOrder unanswered = new ProbesInOrder();
    private int lastProbeId;
    private int unwrittenProbes;

    // The loop's list of channels that drain.
    boolean isDraining;

    @Nullable
    ChannelHeartbeat nextDraining;

    @Nullable
    ChannelHeartbeat previousDraining;

    private long progress;

    ChannelHeartbeat(ChannelHandlerContext ctx, HandlerBuilder from) {
        this.ctx = ctx;
        policy = from.policy;
        protocol = from.protocol;
        listener = from.listener;
        closeWhenDead = from.closeWhenDead;
        answers = new Answers(ctx);
        echo = new PromisedEcho(this, ctx.channel());
    }

    Channel channel() {
        return ctx.channel();
    }

    Answers answers() {
        return answers;
    }

    PromisedEcho echo() {
        return echo;
    }

    EdgeHandler edge() {
        return edge;
    }

    long handle() {
        return handle;
    }

    HeartbeatProtocol<?> protocol() {
        return protocol;
    }

    HeartbeatPolicy policy() {
        return policy;
    }

    @Nullable
    LoopHeartbeats loop() {
        return loop;
    }

    // ---- the channel's life

    /** Watches the channel from now on, if it is open and speaks the protocol. */
    void start() {
        if (handle != NONE || ended || removed) {
            return;
        }
        Channel channel = ctx.channel();
        if (channel.isActive() && channel.isRegistered() && protocol.isSpoken(ctx.pipeline())) {
            loop = LoopHeartbeats.of(channel);
            handle = loop.watch(this);
        }
    }

    /** Watches no longer; nobody is told. */
    void stop() {
        LoopHeartbeats its = loop;
        if (its != null && handle != NONE) {
            long closed = handle;
            handle = NONE;
            its.unwatch(this, closed);
        }
        echo.forget();
    }

    void remove() {
        removed = true;
        answers.end();
        echo.end();
        stop();
        edge.remove();
    }

    /** We close the channel. If it had failed before, that is why, and the peer is lost all the same. */
    void closed() {
        if (failure == null) {
            stop();
        } else {
            lost();
        }
    }

    /** The channel is closed, and not by us. */
    void lost() {
        LoopHeartbeats its = loop;
        if (its == null || handle == NONE) {
            return;
        }
        if (its.isShuttingDown()) {
            stop();
        } else if (failure == null) {
            its.monitor().lost(handle, DeathCause.Kind.CLOSED_BY_PEER, "", its.nowNs());
        } else {
            its.monitor().lost(handle, DeathCause.Kind.TRANSPORT_ERROR, String.valueOf(failure), its.nowNs());
        }
    }

    void failed(IOException cause) {
        if (failure == null && !(cause instanceof ClosedChannelException)) {
            failure = cause;
        }
    }

    /** The peer broke the format of a stream: nothing behind it can be understood. */
    void broke(String detail) {
        LoopHeartbeats its = loop;
        if (its != null && handle != NONE) {
            its.monitor().refused(handle, Refusal.MALFORMED_FRAME);
            if (handle != NONE) {
                its.monitor().lost(handle, DeathCause.Kind.ABUSE, detail, its.nowNs());
            }
        }
    }

    // ---- bytes

    void received() {
        LoopHeartbeats its = loop;
        if (its != null && handle != NONE) {
            long nowNs = its.nowNs();
            its.monitor().received(handle, nowNs);
        }
        if (echo.isSpoken()) {
            echo.over();
        }
    }

    void handlersRun(boolean begin) {
        if (loop != null) {
            loop.handlersRun(begin);
        }
    }

    void sent() {
        LoopHeartbeats its = loop;
        progress = 0;
        if (its != null && handle != NONE) {
            long nowNs = its.nowNs();
            its.monitor().sent(handle, nowNs);
        }
    }

    void flushed() {
        if (loop != null && handle != NONE && !isDraining) {
            ChannelOutboundBuffer buffer = outboundBuffer();
            if (buffer != null && !buffer.isEmpty()) {
                progress = buffer.currentProgress();
                loop.drains(this);
            }
        }
    }

    @Nullable
    ChannelOutboundBuffer outboundBuffer() {
        return ctx.channel().unsafe().outboundBuffer();
    }

    boolean hasProgressed(long now) {
        boolean moved = now != progress;
        progress = now;
        return moved;
    }

    // ---- heartbeats in

    /**
     * A heartbeat arrived.
     *
     * @param id what it carries; less than 0 for none
     * @param intervalNs what it announces; 0 for none
     */
    void heard(FrameKind kind, long id, long intervalNs) {
        LoopHeartbeats its = loop;
        if (its == null || handle == NONE) {
            return;
        }
        long nowNs = its.nowNs();
        if (kind == FrameKind.PONG) {
            its.monitor().acked(handle, answeredProbe(id), nowNs);
        } else {
            its.monitor().pinged(handle, id, nowNs);
            if (intervalNs > 0) {
                its.monitor().announced(handle, intervalNs, nowNs);
            }
        }
        its.rearm();
    }

    private int answeredProbe(long id) {
        if (protocol.correlation() == Correlation.BY_ID) {
            return id >= 0 && id <= HeartbeatFrame.MAX_PROBE_ID ? (int) id : -1;
        }
        return unanswered.next();
    }

    void malformed() {
        refused(Refusal.MALFORMED_FRAME);
    }

    void refused(Refusal refusal) {
        if (loop != null && handle != NONE) {
            loop.monitor().refused(handle, refusal);
        }
    }

    // ---- what the monitor asks for

    @Override
    public void sendProbe(long its, int probeId) {
        LoopHeartbeats heartbeats = loop;
        if (heartbeats == null || removed) {
            return;
        }
        HeartbeatFrame ping = heartbeats.frame().reset(FrameKind.PING);
        if (protocol.correlation() == Correlation.BY_ID) {
            ping.id(probeId);
        }
        if (protocol.announcesInterval()) {
            long intervalNs = heartbeats.monitor().intervalNs(its, heartbeats.nowNs());
            if (intervalNs > 0) {
                ping.intervalMs((intervalNs + 999_999) / 1_000_000);
            }
        }
        Object message = protocol.write(ping, ctx.alloc());
        lastProbeId = probeId;
        unanswered.add(probeId);
        unwrittenProbes++;
        ctx.writeAndFlush(message).addListener(onProbeWritten);
    }

    private void probeWritten(ChannelFuture future) {
        unwrittenProbes--;
        LoopHeartbeats its = loop;
        if (!future.isSuccess()) {
            if (!(future.cause() instanceof IOException) && !removed) {
                ctx.fireExceptionCaught(future.cause()); // an encoder that cannot; the unwritten deadline runs on
            }
        } else if (unwrittenProbes == 0 && its != null && handle != NONE) {
            // Of several that waited only the last counts: it replaced the others.
            its.monitor().probeSent(handle, lastProbeId, its.nowNs());
            its.rearm();
        }
    }

    @Override
    public void close(long its, DeathCause cause) {
        handle = NONE;
        ended = true;
        echo.forget();
        fire(HeartbeatEvent.dead(cause));
        tells = !removed;
        if (closeWhenDead && !removed) {
            edge.closeNow();
        }
    }

    void tellDeath(DeathCause cause) {
        if (listener != null && tells) {
            try {
                listener.channelDead(ctx.channel(), cause);
            } catch (RuntimeException e) {
                fireError(e);
            }
        }
    }

    void fire(HeartbeatEvent event) {
        if (!removed) {
            ctx.fireUserEventTriggered(event);
        }
    }

    void fireError(Exception error) {
        ctx.fireExceptionCaught(error);
    }

    // ---- what the application asks for

    /** A call to the monitor. */
    interface Command {
        void run(HeartbeatMonitor monitor, long handle, long nowNs);
    }

    void command(Command command) {
        LoopHeartbeats its = loop;
        if (its != null && handle != NONE) {
            try {
                long nowNs = its.nowNs();
                command.run(its.monitor(), handle, nowNs);
            } catch (IllegalArgumentException e) {
                fireError(e);
            }
            its.rearm();
        }
    }

    void policy(HeartbeatPolicy changed) {
        if (handle == NONE) {
            policy = changed; // looked at when the channel is watched
        }
        command((monitor, watched, nowNs) -> {
            monitor.policy(watched, changed, nowNs); // refuses one that contradicts itself
            policy = changed;
            echo.keepSilent();
        });
    }

    /** Another policy holds for a while; that of the application is kept. */
    void follow(HeartbeatPolicy meanwhile) {
        command((monitor, watched, nowNs) -> monitor.policy(watched, meanwhile, nowNs));
    }

    Liveness liveness() {
        return loop == null || handle == NONE ? Liveness.CLOSED : loop.monitor().liveness(handle);
    }

    @Nullable
    ConnectionStatistics statistics() {
        if (loop == null || handle == NONE) {
            return null;
        }
        long nowNs = loop.nowNs();
        return handle == NONE ? null : loop.monitor().statistics(handle, nowNs);
    }
}
