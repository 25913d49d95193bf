package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.MonitorBuilder;
import dev.heartbeat.time.NanoClock;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link NioHeartbeats}.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class NioHeartbeatsBuilder {
    HeartbeatPolicy policy = HeartbeatPolicy.server();
    HeartbeatCodec codec = HeartbeatCodecs.binary();

    @Nullable
    MessageLength messages;

    NanoClock clock = NanoClock.system();
    MonitorBuilder monitor = HeartbeatMonitor.builder();
    boolean keepHalfOpen;
    EchoLimits echoes = EchoLimits.defaults();

    NioHeartbeatsBuilder() {}

    /**
     * Sets the policy of connections that are opened without one. Default: {@link HeartbeatPolicy#server()}.
     *
     * @param policy may be shared
     * @return this builder
     */
    public NioHeartbeatsBuilder policy(HeartbeatPolicy policy) {
        this.policy = requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Sets how heartbeats look. Default: {@link HeartbeatCodecs#binary()}.
     *
     * @param codec the same on both sides
     * @return this builder
     */
    public NioHeartbeatsBuilder codec(HeartbeatCodec codec) {
        this.codec = requireNonNull(codec, "codec");
        return this;
    }

    /**
     * Sets how far a message of the application reaches, in either direction: heartbeats stand between messages, and
     * nowhere else. Default: {@link MessageLength#utf8()} with the binary codec, which serves any text; lines with any
     * other. An application that speaks anything else has to say so here, or its bytes are taken for heartbeats.
     *
     * @param messages the same on both sides
     * @return this builder
     */
    public NioHeartbeatsBuilder messages(MessageLength messages) {
        this.messages = requireNonNull(messages, "messages");
        return this;
    }

    /**
     * Sets the clock. Default: {@link NanoClock#system()}.
     *
     * @param clock monotonic
     * @return this builder
     */
    public NioHeartbeatsBuilder clock(NanoClock clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Sets capacity, tick and the like. Default: {@link HeartbeatMonitor#builder()} as it is.
     *
     * @param monitor builds the one monitor of the selector
     * @return this builder
     */
    public NioHeartbeatsBuilder monitor(MonitorBuilder monitor) {
        this.monitor = requireNonNull(monitor, "monitor");
        return this;
    }

    /**
     * Sets how far peers may have us speak to them after a time of silence, which is how clients find out what the path
     * remembers. Default: {@link EchoLimits#defaults()}.
     *
     * @param limits {@link EchoLimits#off()} to refuse them all
     * @return this builder
     */
    public NioHeartbeatsBuilder echoes(EchoLimits limits) {
        this.echoes = requireNonNull(limits, "limits");
        return this;
    }

    /**
     * Leaves a connection open for writing when the peer has shut down its output: the application reads −1, the
     * connection is watched no longer, as nothing more can come from it, and its channel stays open. Without this, the
     * end of the peer's output is the end of the connection, as it always is for a {@link ReconnectingClient}.
     *
     * @return this builder
     */
    public NioHeartbeatsBuilder keepHalfOpen() {
        keepHalfOpen = true;
        return this;
    }

    /**
     * Builds it.
     *
     * @param selector whose loop calls {@link NioHeartbeats#select()}
     * @param listener told what becomes of connections
     * @return heartbeats that watch nothing yet
     */
    public NioHeartbeats on(Selector selector, NioListener listener) {
        return new NioHeartbeats(this, requireNonNull(selector, "selector"), requireNonNull(listener, "listener"));
    }
}
