package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.DeathCause;
import dev.heartbeat.Heartbeat;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.reconnect.Reconnect;
import dev.heartbeat.reconnect.ReconnectPolicy;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that comes back: it connects, keeps the connection alive, notices its death, and connects again when its
 * {@link ReconnectPolicy} allows.
 *
 * <pre>{@code
 * ReconnectingClient client = ReconnectingClient.builder(heartbeats)
 *         .to(new InetSocketAddress("example.org", 7777))
 *         .start((it, data) -> handle(data));
 * while (running) {
 *     heartbeats.select();
 * }
 * }</pre>
 *
 * <p>The old socket is closed by force before anything else happens. Every connection is an epoch of its own: what was
 * queued for the old one, and what may still come from it, never reaches the new one.
 *
 * <p><b>Threading:</b> confined to the thread that runs the selector; it has none of its own.
 */
public final class ReconnectingClient {
    private final NioHeartbeats heartbeats;
    private final Supplier<? extends SocketAddress> address;
    private final HeartbeatPolicy policy;
    private final Protocol protocol;
    private final long connectTimeoutNs;
    private final @Nullable TcpKeepAlive keepAlive;
    private final ClientListener listener;
    private final Reconnect reconnect;
    private final Timed timed = new Waiting();
    private @Nullable Attempt attempt; // while connecting
    private @Nullable HeartbeatChannel channel; // while connected
    private boolean timing;
    private boolean closed;

    ReconnectingClient(ReconnectingClientBuilder from, ClientListener listener) {
        heartbeats = from.heartbeats;
        address = requireNonNull(from.address, "address");
        policy = from.policy;
        protocol = from.protocol();
        connectTimeoutNs = from.connectTimeoutNs;
        keepAlive = from.keepAlive;
        this.listener = requireNonNull(listener, "listener");
        long nowNs = heartbeats.clock().nanoTime();
        reconnect = from.hasSeed ? from.reconnect.start(nowNs, from.seed) : from.reconnect.start(nowNs);
        time(true);
    }

    /**
     * Begins a client.
     *
     * @param heartbeats whose loop it lives in
     * @return a builder with the usual values; where to connect to must be said
     */
    public static ReconnectingClientBuilder builder(NioHeartbeats heartbeats) {
        return new ReconnectingClientBuilder(requireNonNull(heartbeats, "heartbeats"));
    }

    /**
     * Sends a message over the present connection.
     *
     * @param message one or several whole messages; taken out
     * @return false, and nothing was taken, if there is no connection or too much waits already
     */
    public boolean send(ByteBuffer message) {
        HeartbeatChannel present = channel;
        return present != null && present.send(message);
    }

    /**
     * Whether a connection is there.
     *
     * @return true from {@link ClientListener#onConnected} to {@link ClientListener#onLost}
     */
    public boolean isConnected() {
        return channel != null;
    }

    /**
     * The number of the latest attempt to connect, which is that of the connection if it succeeded.
     *
     * @return 0 before the first
     */
    public long epoch() {
        return reconnect.epoch();
    }

    /**
     * The present connection's state and numbers.
     *
     * @return empty while there is none
     */
    public Optional<Heartbeat> heartbeat() {
        return Optional.ofNullable(channel).map(HeartbeatChannel::heartbeat);
    }

    /** There is reason to think that connecting will work now. See {@link Reconnect#hurry}. */
    public void hurry() {
        reconnect.hurry(heartbeats.clock().nanoTime());
    }

    /**
     * The device moved to another network, or may have: the present connection is probed at once with a short timeout; if
     * there is none, as {@link #hurry}.
     */
    public void networkChanged() {
        HeartbeatChannel present = channel;
        long nowNs = heartbeats.clock().nanoTime();
        if (present != null) {
            heartbeats.monitor().networkChanged(present.heartbeat().handle(), nowNs);
        } else {
            reconnect.hurry(nowNs);
        }
    }

    /**
     * The server asks to come back within a window, should the connection be lost. See {@link Reconnect#returnWithin}.
     *
     * @param window greater than 0
     */
    public void returnWithin(Duration window) {
        reconnect.returnWithin(window, heartbeats.clock().nanoTime());
    }

    /** Closes for good. Nothing more is told. */
    public void close() {
        closed = true;
        time(false);
        Attempt connecting = attempt;
        if (connecting != null) {
            connecting.abort();
        }
        HeartbeatChannel present = channel;
        channel = null;
        if (present != null) {
            present.close();
        }
    }

    // ---- waiting

    private void time(boolean on) {
        if (on != timing) {
            timing = on;
            if (on) {
                heartbeats.startTiming(timed);
            } else {
                heartbeats.stopTiming(timed);
            }
        }
    }

    private final class Waiting implements Timed {
        @Override
        public long delayNs(long nowNs) {
            Attempt connecting = attempt;
            return connecting != null ? connecting.leftNs(nowNs) : reconnect.nextDelayNs(nowNs);
        }

        @Override
        public void due(long nowNs) {
            Attempt connecting = attempt;
            if (connecting != null) {
                connecting.failed(
                        new SocketTimeoutException("connect: no answer within " + Duration.ofNanos(connectTimeoutNs)));
            } else {
                new Attempt(reconnect.attempt(nowNs), nowNs).start();
            }
        }
    }

    private void lost(long epoch) {
        if (reconnect.lost(epoch, heartbeats.clock().nanoTime())) {
            time(true);
        }
    }

    private void tellReconnecting() {
        if (!closed && timing) {
            long delayNs = reconnect.nextDelayNs(heartbeats.clock().nanoTime());
            if (delayNs != Reconnect.NEVER) {
                listener.onReconnecting(this, Duration.ofNanos(delayNs));
            }
        }
    }

    // ---- one epoch

    private final class Attempt implements KeyHandler, ChannelHandler {
        private final long epoch;
        private final long sinceNs;
        private @Nullable SocketChannel socket;
        private boolean registered;

        Attempt(long epoch, long nowNs) {
            this.epoch = epoch;
            sinceNs = nowNs;
        }

        long leftNs(long nowNs) {
            return Math.max(0, connectTimeoutNs - (nowNs - sinceNs));
        }

        void start() {
            attempt = this;
            try {
                SocketChannel connecting = SocketChannel.open();
                socket = connecting;
                connecting.configureBlocking(false);
                if (connecting.connect(requireNonNull(address.get(), "address"))) {
                    connected(connecting);
                } else {
                    connecting.register(heartbeats.selector(), SelectionKey.OP_CONNECT, this);
                    registered = true;
                    heartbeats.serveFrom(1);
                }
            } catch (UnresolvedAddressException e) {
                failed(new IOException("connect: the address cannot be resolved", e));
            } catch (IOException e) {
                failed(e);
            } catch (RuntimeException e) {
                if (attempt != this) {
                    throw e; // connected already: it was the listener
                }
                failed(new IOException("connect: " + e, e));
            }
        }

        @Override
        public void ready() {
            SocketChannel connecting = socket;
            if (attempt != this || connecting == null) {
                return;
            }
            try {
                if (connecting.finishConnect()) {
                    connected(connecting);
                }
            } catch (IOException e) {
                failed(e);
            } catch (RuntimeException e) {
                if (attempt != this) {
                    throw e; // connected already: it was the listener
                }
                failed(new IOException("connect: " + e, e));
            }
        }

        private void connected(SocketChannel connecting) throws IOException {
            if (connecting.getLocalAddress().equals(connecting.getRemoteAddress())) {
                throw new IOException("connect: to ourselves"); // where nobody listens, loopback may do that
            }
            TcpKeepAlive wanted = keepAlive;
            if (wanted != null) {
                wanted.apply(connecting);
            }
            HeartbeatChannel opened = HeartbeatChannel.open(heartbeats, connecting, policy, protocol, this);
            opened.endWithInput(); // who comes back has no use for a connection that nothing more comes from
            forgetAttempt(connecting, false);
            reconnect.connected(epoch, heartbeats.clock().nanoTime());
            channel = opened;
            time(false);
            listener.onConnected(ReconnectingClient.this);
        }

        void failed(IOException reason) {
            abort();
            lost(epoch);
            try {
                listener.onConnectFailed(ReconnectingClient.this, reason);
            } finally {
                tellReconnecting();
            }
        }

        void abort() {
            SocketChannel connecting = socket;
            if (connecting != null) {
                forgetAttempt(connecting, true);
            }
            attempt = null;
        }

        private void forgetAttempt(SocketChannel connecting, boolean close) {
            attempt = null;
            if (registered) {
                registered = false;
                heartbeats.serveFrom(-1);
            }
            if (close) {
                try {
                    connecting.close();
                } catch (IOException e) {
                    // It never was a connection.
                }
            }
        }

        @Override
        public void onData(HeartbeatChannel from, ByteBuffer data) {
            if (from == channel) {
                listener.onData(ReconnectingClient.this, data);
            }
        }

        @Override
        public void onDead(HeartbeatChannel from, DeathCause cause) {
            channel = null;
            lost(epoch);
            try {
                listener.onLost(ReconnectingClient.this, cause);
            } finally {
                tellReconnecting();
            }
        }
    }
}
