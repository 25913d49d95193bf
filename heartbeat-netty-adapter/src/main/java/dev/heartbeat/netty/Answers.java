package dev.heartbeat.netty;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;

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

    void end() {
        ended = true;
    }
}
