package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.reconnect.ReconnectPolicy;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.MessageLength;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link ReconnectingClient}.
 *
 * <p><b>Threading:</b> confined to one thread, that of the selector when it comes to {@link #start}.
 */
public final class ReconnectingClientBuilder {
    final NioHeartbeats heartbeats;

    @Nullable
    Supplier<? extends SocketAddress> address;

    HeartbeatPolicy policy = HeartbeatPolicy.client();
    ReconnectPolicy reconnect = ReconnectPolicy.client();
    long connectTimeoutNs = Duration.ofSeconds(10).toNanos();

    @Nullable
    TcpKeepAlive keepAlive;

    boolean hasSeed;
    long seed;
    private @Nullable HeartbeatCodec codec;
    private @Nullable MessageLength messages;

    ReconnectingClientBuilder(NioHeartbeats heartbeats) {
        this.heartbeats = heartbeats;
    }

    Protocol protocol() {
        HeartbeatCodec own = codec;
        MessageLength ownMessages = messages;
        if (own == null && ownMessages == null) {
            return heartbeats.protocol();
        }
        return Protocol.of(own == null ? heartbeats.protocol().codec : own, ownMessages);
    }

    /**
     * Sets where to connect to.
     *
     * @param address resolved once, by whoever made it
     * @return this builder
     */
    public ReconnectingClientBuilder to(SocketAddress address) {
        requireNonNull(address, "address");
        this.address = () -> address;
        return this;
    }

    /**
     * Sets what says, before each attempt, where to connect to: another server, or a name resolved anew.
     *
     * @param address called by the thread of the selector, so it should not block
     * @return this builder
     */
    public ReconnectingClientBuilder to(Supplier<? extends SocketAddress> address) {
        this.address = requireNonNull(address, "address");
        return this;
    }

    /**
     * Sets the policy of each connection. Default: {@link HeartbeatPolicy#client()}.
     *
     * @param policy may be shared
     * @return this builder
     */
    public ReconnectingClientBuilder policy(HeartbeatPolicy policy) {
        this.policy = requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Sets when to come back. Default: {@link ReconnectPolicy#client()}. The first attempt waits too, for less than
     * {@link ReconnectPolicy#initial()}.
     *
     * @param reconnect may be shared
     * @return this builder
     */
    public ReconnectingClientBuilder reconnect(ReconnectPolicy reconnect) {
        this.reconnect = requireNonNull(reconnect, "reconnect");
        return this;
    }

    /**
     * Sets how long an attempt to connect may take. Default: 10 s.
     *
     * @param connectTimeout greater than 0
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public ReconnectingClientBuilder connectTimeout(Duration connectTimeout) {
        connectTimeoutNs = Require.positiveNs("connectTimeout", connectTimeout);
        return this;
    }

    /**
     * Sets how heartbeats look. Default: as for all connections of the selector.
     *
     * @param codec what the server understands
     * @return this builder
     */
    public ReconnectingClientBuilder codec(HeartbeatCodec codec) {
        this.codec = requireNonNull(codec, "codec");
        return this;
    }

    /**
     * Sets how far a message of the application reaches. Default: as {@link NioHeartbeatsBuilder#messages} says.
     *
     * @param messages heartbeats stand between them
     * @return this builder
     */
    public ReconnectingClientBuilder messages(MessageLength messages) {
        this.messages = requireNonNull(messages, "messages");
        return this;
    }

    /**
     * Has the kernel's keep-alive set for each connection, as far as the platform goes. Default: left alone.
     *
     * @param keepAlive what to set
     * @return this builder
     */
    public ReconnectingClientBuilder keepAlive(TcpKeepAlive keepAlive) {
        this.keepAlive = requireNonNull(keepAlive, "keepAlive");
        return this;
    }

    /**
     * Sets the seed of the waits, to have them again. Default: one that no two devices share.
     *
     * @param seed any
     * @return this builder
     */
    public ReconnectingClientBuilder seed(long seed) {
        this.seed = seed;
        hasSeed = true;
        return this;
    }

    /**
     * Starts the client: its first attempt comes as soon as the policy allows. To be called by the selector's thread.
     *
     * @param listener told what becomes of it
     * @return a client that is not connected yet
     * @throws IllegalArgumentException if it was not said where to connect to
     */
    public ReconnectingClient start(ClientListener listener) {
        Require.that(address != null, "to", "not set", "an address");
        return new ReconnectingClient(this, listener);
    }
}
