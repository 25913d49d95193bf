package dev.heartbeat.benchmarks.programs;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Channels of Netty on one event loop, with an {@code IdleStateHandler} each (one idle time) or without. */
final class ChannelPopulation implements Population {
    private final PassiveChannel[] channels;
    private final Ticking ticker;
    private final ManualIoEventLoop loop;
    private final long timeoutNs;
    private final boolean idleState;
    private final Counter counter = new Counter();

    ChannelPopulation(int capacity, long timeoutNs, long nowNs, boolean idleState) {
        this.channels = new PassiveChannel[capacity];
        this.ticker = new Ticking(nowNs);
        this.loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker);
        this.timeoutNs = timeoutNs;
        this.idleState = idleState;
    }

    @Override
    public void open(int connection, long nowNs) {
        ticker.set(nowNs);
        channels[connection] = idleState
                ? PassiveChannel.on(loop, new IdleStateHandler(timeoutNs, 0, 0, TimeUnit.NANOSECONDS), counter)
                : PassiveChannel.on(loop, counter);
    }

    @Override
    public void heard(int connection, long nowNs) {
        ticker.set(nowNs);
        PassiveChannel channel = channels[connection];
        channel.pipeline().fireChannelRead(this).fireChannelReadComplete();
    }

    @Override
    public void close(int connection) {
        var unused = channels[connection].close();
    }

    @Override
    public int turn(long nowNs, int limit) {
        ticker.set(nowNs);
        return loop.runNow();
    }

    @Override
    public long noticed() {
        return counter.idle;
    }

    /** The end of every pipeline: takes what is read, and counts who is idle. */
    @ChannelHandler.Sharable
    private static final class Counter extends ChannelInboundHandlerAdapter {
        long idle;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {}

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {}

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent) {
                idle++;
            }
        }
    }
}
