package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.Heartbeat;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.time.NanoClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats for a selector loop that exists already.
 *
 * <pre>{@code
 * NioHeartbeats heartbeats = NioHeartbeats.on(selector, HeartbeatPolicy.server(), listener);
 * while (running) {
 *     heartbeats.select();                                            // was selector.select()
 *     for (SelectionKey key : selector.selectedKeys()) {
 *         heartbeats.open(client.register(selector, OP_READ));        // after accept, as before
 *         int bytes = heartbeats.read(key, buffer);                   // was channel.read(buffer)
 *         heartbeats.write(key, buffer);                              // was channel.write(buffer)
 *     }
 *     selector.selectedKeys().clear();
 * }
 * }</pre>
 *
 * <p>Heartbeats are taken out of what is read and put between the messages that are written; the application sees its own
 * bytes only. Pings of the peer are answered. What the application writes past {@link #write} nobody can keep a heartbeat
 * out of, so it writes through here, all of it.
 *
 * <p>A dead connection is closed and its key canceled before the listener is told. The host may close channels itself as
 * it did before; a connection that it closed is not told as dead.
 *
 * <p><b>Threading:</b> confined to the thread that runs the selector, from the first {@code select} on.
 */
public final class NioHeartbeats {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int INBOX_BYTES = 1 << 16;

    private final Selector selector;
    private final HeartbeatPolicy policy;
    private final Protocol protocol;
    private final Shared shared;
    private final HeartbeatMonitor monitor;
    private final NanoClock clock;
    private final Connections connections;
    private final List<Timed> timed = new ArrayList<>();
    private final OwnKeys ownKeys;
    private boolean inputHeard;
    private @Nullable ByteBuffer inbox;

    NioHeartbeats(NioHeartbeatsBuilder from, Selector selector, NioListener listener) {
        this.selector = selector;
        policy = from.policy;
        protocol = Protocol.of(from.codec, from.messages);
        clock = from.clock;
        connections = new Connections(listener);
        monitor = from.monitor.build(connections, clock.nanoTime());
        shared = new Shared(from, monitor, connections);
        ownKeys = new OwnKeys(connections);
        timed.add(shared.echoes);
    }

    /**
     * Begins with all that is usual: the binary codec and an application that speaks text.
     *
     * @param selector whose loop calls {@link #select()}
     * @param policy of connections that are opened without one
     * @param listener told what becomes of connections
     * @return heartbeats that watch nothing yet
     */
    public static NioHeartbeats on(Selector selector, HeartbeatPolicy policy, NioListener listener) {
        return builder().policy(policy).on(selector, listener);
    }

    /**
     * Begins with a choice of codec, clock and the like.
     *
     * @return a new builder
     */
    public static NioHeartbeatsBuilder builder() {
        return new NioHeartbeatsBuilder();
    }

    // ---- the loop

    /**
     * Selects, and does meanwhile what is due. To be called where {@link Selector#select()} was. It returns when a key is
     * ready or the selector was woken up, and now and then with 0 for reasons of its own. Where a heartbeat had waited for
     * room, a key may be writable once that the application did not ask about.
     *
     * @return how many keys became ready for the application
     * @throws IOException as the selector does
     */
    public int select() throws IOException {
        return select(Long.MAX_VALUE);
    }

    /**
     * As {@link #select()}, but waits no longer than the host allows.
     *
     * @param most 0 or more; 0 does not wait at all
     * @return how many keys became ready for the application
     * @throws IOException as the selector does
     * @throws IllegalArgumentException if {@code most} is negative
     */
    public int select(Duration most) throws IOException {
        return select(Require.nonNegativeNs("most", most));
    }

    private int select(long mostNs) throws IOException {
        for (int i = shared.offenders.size() - 1; i >= 0; i--) {
            shared.offenders.remove(i).throwOut();
        }
        long nowNs = clock.nanoTime();
        boolean due = delayNs(nowNs) == 0;
        if (due && !inputHeard) {
            int ready = waitFor(0);
            inputHeard = ready > 0;
            if (!inputHeard) {
                turn(nowNs);
            }
            return ready(ready); // at once: selectNow has swallowed a wake-up, if there was one
        }
        inputHeard = false;
        turn(nowNs);
        return ready(waitFor(Math.min(mostNs, delayNs(clock.nanoTime()))));
    }

    private int waitFor(long waitNs) throws IOException {
        shared.waiting.removeIf(Room::isOver);
        shared.waiting.forEach(Room::ask);
        if (waitNs == 0) {
            return selector.selectNow();
        }
        return waitNs == Long.MAX_VALUE ? selector.select() : selector.select((waitNs - 1) / NANOS_PER_MILLI + 1);
    }

    private long delayNs(long nowNs) {
        long delayNs = monitor.delayUntilNextNs(nowNs);
        for (int i = 0; i < timed.size(); i++) {
            delayNs = Math.min(delayNs, timed.get(i).delayNs(nowNs));
        }
        return delayNs;
    }

    private void turn(long nowNs) {
        monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT);
        for (int i = timed.size() - 1; i >= 0; i--) {
            Timed next = i < timed.size() ? timed.get(i) : null;
            if (next != null && next.delayNs(nowNs) == 0) {
                try {
                    next.due(nowNs);
                } catch (RuntimeException e) {
                    connections.tellError(null, e);
                }
            }
        }
        connections.sweep(monitor);
    }

    private int ready(int ready) {
        int left = ready;
        for (int i = shared.waiting.size() - 1; i >= 0; i--) {
            if (shared.waiting.get(i).selected(selector.selectedKeys()) && left > 0) {
                left--;
            }
        }
        return left - ownKeys.serve(selector.selectedKeys());
    }

    // ---- connections

    /**
     * Begins to watch the channel of a key, under the usual policy. Opening counts as evidence.
     *
     * @param key valid, of this selector, with a connected channel
     * @return the connection as an object, for those who want one; if it was open already, that one
     * @throws IllegalArgumentException if the key's channel is not a byte channel, or of another selector
     * @throws IllegalStateException if the monitor's capacity is reached; the channel stays as it is
     */
    public Heartbeat open(SelectionKey key) {
        return open(key, policy);
    }

    /**
     * Begins to watch the channel of a key, under a policy of its own.
     *
     * @param key valid, of this selector, with a connected channel
     * @param policy may be shared
     * @return the connection as an object, for those who want one; if it was open already, that one
     * @throws IllegalArgumentException if the key's channel is not a byte channel, or of another selector, or if the
     *     policy contradicts itself
     * @throws IllegalStateException if the monitor's capacity is reached; the channel stays as it is
     */
    public Heartbeat open(SelectionKey key, HeartbeatPolicy policy) {
        return monitor.heartbeat(open(key, policy, protocol, null).handle);
    }

    Connection open(SelectionKey key, HeartbeatPolicy policy, Protocol protocol, Connection.@Nullable Owner owner) {
        requireNonNull(key, "key");
        requireNonNull(policy, "policy");
        Connection known = connections.of(key);
        if (known != null) {
            if (owner != null) {
                throw new IllegalStateException("key: " + key.channel() + " (expected: one not watched yet)");
            }
            return known;
        }
        Require.that(key.selector() == selector, "key", key, "one of this selector");
        if (!(key.channel() instanceof ByteChannel channel)) {
            throw new IllegalArgumentException("key: " + key.channel() + " (expected: a channel of bytes)");
        }
        Connection connection = new Connection(shared, key, channel, policy, protocol, owner);
        connection.handle = monitor.open(connection, policy, clock.nanoTime());
        connections.add(connection);
        return connection;
    }

    /**
     * The connection of a key as an object: its state, its numbers, {@code probeNow}, another policy.
     *
     * @param key one that was opened; opened under the usual policy if it was not
     * @return a small object
     */
    public Heartbeat heartbeat(SelectionKey key) {
        return open(key);
    }

    /**
     * Reads what has arrived, without the heartbeats. To be called where the channel's own {@code read} was. The first
     * read of a key opens it.
     *
     * @param key the connection
     * @param dst takes the application's bytes at its position. A little room, less than the longest heartbeat, may be
     *     too little to find out more: then nothing is read until there is more
     * @return how many bytes of the application were read; 0 if there are none, though heartbeats may have arrived; −1 if
     *     the connection has ended and its channel, unless half-open ones are kept, is closed
     * @throws IOException as the channel does; the connection is dead then and its channel closed
     * @throws IllegalArgumentException if {@code dst} could not even hold a heartbeat if it were empty
     */
    public int read(SelectionKey key, ByteBuffer dst) throws IOException {
        Connection connection = connections.of(key);
        if (connection == null) {
            if (!key.isValid()) {
                return ((ReadableByteChannel) key.channel()).read(dst);
            }
            connection = open(key, policy, protocol, null);
        }
        return connection.read(dst);
    }

    /**
     * Writes, and a heartbeat that waits before or behind it. To be called where the channel's own {@code write} was. As
     * there, fewer bytes may leave than there are; what is left is written again, before anything else: until then the
     * message counts as unfinished and no heartbeat gets in between.
     *
     * @param key the connection
     * @param src one message of the application or several, or a part of one
     * @return how many of its bytes have left
     * @throws IOException as the channel does; the connection is dead then and its channel closed
     */
    public int write(SelectionKey key, ByteBuffer src) throws IOException {
        Connection connection = connections.of(key);
        if (connection == null) {
            if (!key.isValid()) {
                return ((WritableByteChannel) key.channel()).write(src);
            }
            connection = open(key, policy, protocol, null);
        }
        return connection.write(src);
    }

    /**
     * Stops watching, and closes the channel in order. Nobody is told.
     *
     * @param key any, watched or not
     */
    public void close(SelectionKey key) {
        Connection connection = connections.of(key);
        if (connection != null) {
            connections.forget(connection, monitor);
        }
        Require.closeQuietly(key.channel(), false);
        key.cancel();
    }

    /**
     * Stops watching and leaves the channel as it is. Reading or writing through here watches it again.
     *
     * @param key any
     */
    public void release(SelectionKey key) {
        Connection connection = connections.of(key);
        if (connection != null) {
            connections.forget(connection, monitor);
        }
    }

    /**
     * The monitor: its statistics, and what else it can do by handle.
     *
     * @return always the same
     */
    public HeartbeatMonitor monitor() {
        return monitor;
    }

    /**
     * The clock that everything is measured by.
     *
     * @return as built
     */
    public NanoClock clock() {
        return clock;
    }

    // ---- for channels and clients of ours

    Selector selector() {
        return selector;
    }

    HeartbeatPolicy policy() {
        return policy;
    }

    Protocol protocol() {
        return protocol;
    }

    /** Where channels of ours read to, one after the other. */
    ByteBuffer inbox() {
        ByteBuffer buffer = inbox;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(INBOX_BYTES);
            inbox = buffer;
        }
        return buffer;
    }

    PendingEchoes echoes() {
        return shared.echoes;
    }

    Connections connections() {
        return connections;
    }

    void serveFrom(int more) {
        ownKeys.add(more);
    }

    void startTiming(Timed waiting) {
        timed.add(waiting);
    }

    void stopTiming(Timed waiting) {
        timed.remove(waiting);
    }
}
