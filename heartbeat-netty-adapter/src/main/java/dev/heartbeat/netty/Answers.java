package dev.heartbeat.netty;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one peer's pings: those to what was read at once leave together, and no more wait than a peer needs who
 * reads them.
 *
 * <p><b>Threading:</b> confined to the channel's event loop.
 */
final class Answers {
    private static final int MOST_UNWRITTEN = 64;

    private final ChannelHandlerContext ctx;
    private final ChannelFutureListener onWritten = future -> written();
    private int unwritten;
    private boolean unflushed;
    private boolean reading;
    private boolean ended;

    private @Nullable Object delayed;

    private @Nullable ScheduledFuture<?> delayedTask;

    private @Nullable EchoRoom room;

    private @Nullable SocketAddress peer;

    Answers(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** Something was read; {@link #flush} follows when there is no more for now. */
    void reading() {
        reading = true;
    }

    /** Sends an answer, unless too many wait already. */
    void send(Object pong) {
        if (ended || unwritten >= MOST_UNWRITTEN) {
            ReferenceCountUtil.release(pong);
            return;
        }
        unwritten++;
        unflushed = true;
        ctx.write(pong).addListener(onWritten);
        if (!reading) {
            flush();
        }
    }

    private void written() {
        unwritten--;
    }

    void flush() {
        reading = false;
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    /** Takes a place for an answer that is to be sent after a time: one for each channel, and where there is room. */
    boolean mayPromise(EchoRoom of) {
        if (delayed != null || room != null || ended || !of.take(peer())) {
            return false;
        }
        room = of;
        return true;
    }

    private @Nullable SocketAddress peer() {
        SocketAddress now = ctx.channel().remoteAddress();
        if (peer == null) {
            peer = now; // a channel that is closed does not know any more
        }
        return peer;
    }

    private void giveRoomBack() {
        if (room != null) {
            room.give(peer);
            room = null;
        }
    }

    /** Sends an answer after a time, for which {@link #mayPromise} has taken a place. */
    void sendLater(Object pong, long delayNs) {
        if (room == null) {
            ReferenceCountUtil.release(pong);
            return;
        }
        delayed = pong;
        delayedTask = ctx.channel().eventLoop().schedule(this::sendDelayed, delayNs, TimeUnit.NANOSECONDS);
    }

    private void sendDelayed() {
        Object pong = delayed;
        if (pong != null) {
            delayed = null;
            delayedTask = null;
            giveRoomBack();
            send(pong);
        }
    }

    void forgetDelayed() {
        if (delayed != null) {
            ReferenceCountUtil.release(delayed);
            delayed = null;
        }
        if (delayedTask != null) {
            delayedTask.cancel(false);
            delayedTask = null;
        }
        giveRoomBack();
    }

    void end() {
        ended = true;
        forgetDelayed();
    }
}
