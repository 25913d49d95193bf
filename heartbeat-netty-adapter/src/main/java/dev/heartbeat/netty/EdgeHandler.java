package dev.heartbeat.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Stands next to the socket, where nothing has been decoded or swallowed yet: what arrives here is evidence, what was
 * written here has left.
 *
 * <p><b>Threading:</b> confined to the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // how a channel's closing goes is told by the channel
final class EdgeHandler extends ChannelDuplexHandler implements ChannelFutureListener {
    private final ChannelHeartbeat heartbeat;
    private @Nullable ChannelHandlerContext context;

    EdgeHandler(ChannelHeartbeat heartbeat) {
        this.heartbeat = heartbeat;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null;
        heartbeat.stop(); // deaf from here on: nobody may be judged
    }

    void remove() {
        if (context != null) {
            context.pipeline().remove(this);
        }
    }

    /** Closes without asking anybody: a handshake of goodbyes with a dead peer only takes time. */
    void closeNow() {
        if (context != null) {
            context.close();
        }
    }

    // ---- in

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        heartbeat.start();
        ctx.fireChannelRegistered();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        heartbeat.start();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        heartbeat.received();
        heartbeat.answers().reading();
        heartbeat.handlersRun(true);
        try {
            ctx.fireChannelRead(msg);
        } finally {
            heartbeat.handlersRun(false);
        }
        heartbeat.start();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        heartbeat.answers().flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        noteFailure(cause);
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        heartbeat.lost();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        heartbeat.stop(); // on its way to another loop, or gone
        ctx.fireChannelUnregistered();
    }

    // ---- out

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ctx.write(msg, promise.unvoid()).addListener(this);
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        if (!future.channel().eventLoop().inEventLoop()) {
            // A promise may notify where its maker wanted it to.
            future.channel().eventLoop().execute(() -> operationComplete(future));
        } else if (future.isSuccess()) {
            heartbeat.sent();
        } else {
            noteFailure(future.cause());
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        ctx.flush();
        heartbeat.flushed();
        heartbeat.start();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        heartbeat.closed();
        ctx.close(promise);
    }

    @Override
    public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
        heartbeat.closed();
        ctx.disconnect(promise);
    }

    private void noteFailure(@Nullable Throwable cause) {
        if (cause instanceof IOException failure) {
            heartbeat.failed(failure);
        }
    }
}
