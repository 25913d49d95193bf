package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.DeathCause;
import dev.heartbeat.Heartbeat;
import dev.heartbeat.HeartbeatPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A socket with heartbeats, a queue of what is to leave, and a handler for what arrives: for either side, and for those
 * who do not want to read and write keys themselves.
 *
 * <p>It lives in the loop that calls {@link NioHeartbeats#select()}. Its key never shows up among the selected ones there:
 * <pre>{@code
 * HeartbeatChannel channel = HeartbeatChannel.open(heartbeats, socket, (it, data) -> it.send(data));
 * while (running) {
 *     heartbeats.select();       // all there is to do, if all channels are of this kind
 * }
 * }</pre>
 *
 * <p><b>Threading:</b> confined to the thread that runs the selector.
 */
public final class HeartbeatChannel {
    /** How many bytes may wait to leave, if not set otherwise. */
    public static final int DEFAULT_MAX_QUEUED_BYTES = 1 << 20;

    /** How long a message may be that the handler leaves until it is whole, if not set otherwise. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 1 << 16;

    private static final int LEAST_ROOM = 1024;

    private final NioHeartbeats heartbeats;
    private final ChannelHandler handler;
    private final SelectionKey key;
    private final Connection connection;
    private final Queue<ByteBuffer> queue = new ArrayDeque<>();
    private long queuedBytes;
    private int maxQueuedBytes = DEFAULT_MAX_QUEUED_BYTES;
    private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
    private @Nullable ByteBuffer kept; // what the handler left, ready to be put to
    private boolean open = true;
    private boolean closing;

    private HeartbeatChannel(
            NioHeartbeats heartbeats,
            SocketChannel socket,
            HeartbeatPolicy policy,
            Protocol protocol,
            ChannelHandler handler)
            throws IOException {
        this.heartbeats = heartbeats;
        this.handler = requireNonNull(handler, "handler");
        requireNonNull(policy, "policy");
        SelectionKey present = socket.keyFor(heartbeats.selector());
        if (present != null
                && heartbeats.connections().of(present) != null) { // to register it again would take it away
            throw new IllegalStateException("socket: " + socket + " (expected: one not watched yet)");
        }
        socket.configureBlocking(false);
        key = socket.register(heartbeats.selector(), SelectionKey.OP_READ, (KeyHandler) this::ready);
        try {
            connection = heartbeats.open(key, policy, protocol, this::dead);
        } catch (RuntimeException e) {
            key.cancel();
            throw e;
        }
        heartbeats.serveFrom(1);
    }

    /**
     * Takes over a connected socket, under the usual policy.
     *
     * @param heartbeats whose loop it lives in
     * @param socket connected; made non-blocking and registered
     * @param handler for what arrives
     * @return an open channel
     * @throws IOException if the socket cannot be registered, or is closed
     * @throws IllegalStateException if the socket is watched already, or the monitor's capacity is reached
     */
    public static HeartbeatChannel open(NioHeartbeats heartbeats, SocketChannel socket, ChannelHandler handler)
            throws IOException {
        return open(heartbeats, socket, heartbeats.policy(), handler);
    }

    /**
     * Takes over a connected socket, under a policy of its own.
     *
     * @param heartbeats whose loop it lives in
     * @param socket connected; made non-blocking and registered
     * @param policy may be shared
     * @param handler for what arrives
     * @return an open channel
     * @throws IOException if the socket cannot be registered, or is closed
     * @throws IllegalStateException if the socket is watched already, or the monitor's capacity is reached
     */
    public static HeartbeatChannel open(
            NioHeartbeats heartbeats, SocketChannel socket, HeartbeatPolicy policy, ChannelHandler handler)
            throws IOException {
        return open(heartbeats, socket, policy, heartbeats.protocol(), handler);
    }

    static HeartbeatChannel open(
            NioHeartbeats heartbeats,
            SocketChannel socket,
            HeartbeatPolicy policy,
            Protocol protocol,
            ChannelHandler handler)
            throws IOException {
        return new HeartbeatChannel(heartbeats, socket, policy, protocol, handler);
    }

    /**
     * Sets how many bytes may wait to leave.
     *
     * @param maxQueuedBytes 1 or more
     * @return this channel
     */
    public HeartbeatChannel maxQueuedBytes(int maxQueuedBytes) {
        this.maxQueuedBytes = Require.inRange("maxQueuedBytes", maxQueuedBytes, 1, Integer.MAX_VALUE);
        return this;
    }

    /**
     * Sets how many bytes the handler may leave until a message is whole. A peer that sends a longer one is thrown out.
     *
     * @param maxMessageBytes from 1 024 to 2<sup>30</sup>
     * @return this channel
     */
    public HeartbeatChannel maxMessageBytes(int maxMessageBytes) {
        this.maxMessageBytes = Require.inRange("maxMessageBytes", maxMessageBytes, LEAST_ROOM, 1 << 30);
        return this;
    }

    /**
     * Sends a message: as much as possible at once, the rest when there is room.
     *
     * @param message one or several whole messages; taken out, and copied as far as it has to wait
     * @return false, and nothing was taken, if the channel is closed or too much waits already
     */
    public boolean send(ByteBuffer message) {
        if (!open || closing || queuedBytes + message.remaining() > maxQueuedBytes) {
            return false;
        }
        try {
            if (queue.isEmpty()) {
                connection.write(message);
            }
        } catch (IOException e) {
            failed();
            return false;
        }
        if (message.hasRemaining() && open) {
            ByteBuffer waiting =
                    ByteBuffer.allocate(message.remaining()).put(message).flip();
            queue.add(waiting);
            queuedBytes += waiting.remaining();
            key.interestOpsOr(SelectionKey.OP_WRITE);
        }
        return open;
    }

    /**
     * How much waits to leave.
     *
     * @return bytes, heartbeats not counted
     */
    public long queuedBytes() {
        return queuedBytes;
    }

    /**
     * Whether it is neither dead nor closed.
     *
     * @return false for ever, once it is
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * The connection's state and numbers.
     *
     * @return a small object
     */
    public Heartbeat heartbeat() {
        return heartbeats.monitor().heartbeat(connection.handle);
    }

    /**
     * The socket.
     *
     * @return to ask for addresses and options; reading and writing is for this channel
     */
    public SocketChannel socket() {
        return (SocketChannel) key.channel();
    }

    /** Closes in order as soon as everything that was sent has left; heartbeats go on until then. */
    public void closeWhenSent() {
        closing = true;
        if (queue.isEmpty()) {
            close();
        }
    }

    /** Closes now. What waits is dropped; the handler is not told. */
    public void close() {
        if (open) {
            ended();
            heartbeats.close(key);
        }
    }

    /** Is dead when the peer shuts down its output, though half-open ones be kept. */
    void endWithInput() {
        connection.endWithInput();
    }

    private void ended() {
        open = false;
        queue.clear();
        queuedBytes = 0;
        kept = null;
        heartbeats.serveFrom(-1);
    }

    /** Mostly told as the connection's death already; but that of one that is half-open is no longer seen. */
    private void failed() {
        if (open && !key.isValid()) {
            ended();
        }
    }

    private void dead(DeathCause cause) {
        if (open) {
            ended();
            handler.onDead(this, cause);
        }
    }

    // ---- the loop's side

    private void ready() {
        int ready = key.readyOps();
        try {
            if ((ready & SelectionKey.OP_WRITE) != 0) {
                drain();
            }
            if (open && (ready & SelectionKey.OP_READ) != 0) {
                receive();
            }
        } catch (IOException e) {
            failed();
        }
    }

    private void drain() throws IOException {
        boolean hadSome = !queue.isEmpty();
        for (ByteBuffer next = queue.peek(); next != null; next = queue.peek()) {
            queuedBytes -= connection.write(next);
            if (next.hasRemaining() || !open) {
                return;
            }
            queue.remove();
        }
        key.interestOpsAnd(~SelectionKey.OP_WRITE);
        if (closing) {
            close();
        } else if (hadSome) {
            handler.onDrained(this);
        }
    }

    private void receive() throws IOException {
        ByteBuffer left = kept;
        ByteBuffer in = left == null ? heartbeats.inbox().clear() : withRoom(left);
        int bytes = connection.read(in);
        if (bytes > 0) {
            in.flip();
            try {
                handler.onData(this, in);
            } finally {
                if (open) {
                    keep(in, left != null);
                }
            }
        } else if (bytes < 0 && open) {
            key.interestOpsAnd(~SelectionKey.OP_READ);
            handler.onEndOfInput(this);
        }
    }

    private void keep(ByteBuffer in, boolean isOwn) {
        int left = in.remaining();
        if (left == 0) {
            kept = null;
        } else if (left >= maxMessageBytes) {
            connection.abuse("a message of more than " + maxMessageBytes + " bytes");
        } else if (isOwn) {
            in.compact();
        } else {
            kept = ByteBuffer.allocate(left + LEAST_ROOM).put(in);
        }
    }

    private ByteBuffer withRoom(ByteBuffer left) {
        if (left.remaining() >= LEAST_ROOM) {
            return left;
        }
        ByteBuffer wider = ByteBuffer.allocate(Math.max(2 * left.capacity(), left.position() + LEAST_ROOM));
        wider.put(left.flip());
        kept = wider;
        return wider;
    }

    @Override
    public String toString() {
        return "HeartbeatChannel(" + key.channel() + ")";
    }
}
