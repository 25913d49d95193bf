package dev.heartbeat.benchmarks.programs;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A channel that does nothing but have a pipeline, small enough to have a million of. An {@code EmbeddedChannel} brings
 * an event loop and queues of its own.
 */
public final class PassiveChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private boolean open = true;

    private PassiveChannel() {
        super(null);
    }

    /**
     * Makes a channel that is active at once.
     *
     * @param loop an event loop of the calling thread
     * @param handlers the pipeline
     * @return the channel
     */
    public static PassiveChannel on(EventLoopGroup loop, ChannelHandler... handlers) {
        PassiveChannel channel = new PassiveChannel();
        channel.pipeline().addLast(handlers);
        loop.register(channel).syncUninterruptibly();
        return channel;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new PassiveUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doBind(SocketAddress localAddress) {}

    @Override
    protected void doDisconnect() {}

    @Override
    protected void doClose() {
        open = false;
    }

    @Override
    protected void doBeginRead() {}

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {}

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && isRegistered();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    private final class PassiveUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setSuccess();
        }
    }
}
