package dev.heartbeat.netty;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link HeartbeatHandler}s, one for each channel.
 *
 * <p><b>Threading:</b> confined to one thread while it is set; once it is, {@link #build()} may be called by any.
 */
public final class HandlerBuilder {
    final HeartbeatPolicy policy;
    HeartbeatProtocol<?> protocol = new CodecProtocol(HeartbeatCodecs.binary());

    @Nullable
    HeartbeatCodec streamCodec;

    @Nullable
    MessageLength messages;

    @Nullable
    DeathListener listener;

    boolean closeWhenDead = true;

    HandlerBuilder(HeartbeatPolicy policy) {
        this.policy = requireNonNull(policy, "policy");
    }

    /**
     * Sets what a heartbeat looks like. Default: {@link HeartbeatProtocol#frames} of {@link HeartbeatCodecs#binary()}.
     *
     * @param protocol has answers: {@link Correlation#NONE} is refused
     * @return this builder
     * @throws IllegalArgumentException if its heartbeats are not answered
     */
    public HandlerBuilder protocol(HeartbeatProtocol<?> protocol) {
        if (protocol.correlation() == Correlation.NONE) {
            throw new IllegalArgumentException("protocol: " + protocol + " (expected: one with answers)");
        }
        this.protocol = protocol;
        streamCodec = null;
        messages = null;
        return this;
    }

    /**
     * Sets that heartbeats are the frames of a codec between the messages of a byte stream: see
     * {@link HeartbeatHandler#stream}.
     *
     * @param codec has ping and pong
     * @param messages tells how far a message of the application reaches
     * @return this builder
     * @throws IllegalArgumentException if the codec has no ping or no pong
     */
    public HandlerBuilder stream(HeartbeatCodec codec, MessageLength messages) {
        requireNonNull(messages, "messages");
        protocol(new CodecProtocol(codec));
        this.streamCodec = codec;
        this.messages = messages;
        return this;
    }

    /**
     * Sets that heartbeats are the control frames of WebSocket: see {@link HeartbeatHandler#webSocket}.
     *
     * @return this builder
     */
    public HandlerBuilder webSocket() {
        return protocol(new WebSocketProtocol());
    }

    /**
     * Sets who is told of the death of a channel's peer. Default: nobody but the handlers of the pipeline.
     *
     * @param listener may be shared
     * @return this builder
     */
    public HandlerBuilder onDeath(DeathListener listener) {
        this.listener = requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Sets whether a channel is closed when its peer is dead. Default: yes.
     *
     * @param closeWhenDead false to leave that to whoever gets {@link HeartbeatEvent.Kind#DEAD}; the channel is not
     *     watched any longer
     * @return this builder
     */
    public HandlerBuilder closeWhenDead(boolean closeWhenDead) {
        this.closeWhenDead = closeWhenDead;
        return this;
    }

    /**
     * Builds a handler. May be called again, for the next channel.
     *
     * @return a new handler for one channel
     */
    public HeartbeatHandler build() {
        return new HeartbeatHandler(this);
    }
}
