package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Watches connections for hosts without a loop: blocking sockets, virtual threads. It owns its threads; any thread may
 * open a connection, and say what it sees of it.
 *
 * <pre>{@code
 * HeartbeatService heartbeats = HeartbeatService.builder().start(listener);
 * ...
 * WatchedConnection watched = heartbeats.open(transport, HeartbeatPolicy.server());   // on the connection's own thread
 * for (int n; (n = in.read(buffer)) >= 0; ) {
 *     watched.received();
 *     ...
 * }
 * watched.close();
 * }</pre>
 *
 * <p>Who has a selector or an event loop does better with a {@link HeartbeatMonitor}, which needs no hand-over.
 *
 * <p>Listeners and transports are called by the service's threads, about one connection always by the same one. They
 * should not block, or everyone else on that thread waits; a blocking write belongs on another thread. What they throw
 * is told to {@link HeartbeatListener#onError}. An {@link Error} goes to the thread's handler for uncaught exceptions;
 * the thread goes on with the next connection.
 *
 * <p><b>Threading:</b> safe for several threads, callbacks included.
 */
public final class HeartbeatService implements AutoCloseable {
    private final Shard[] shards;
    private final Thread[] threads;
    private final AtomicLong handles = new AtomicLong();
    private volatile @Nullable HeartbeatPolicy checked;
    private volatile boolean closed;

    private HeartbeatService(Shard[] shards, Thread[] threads) {
        this.shards = shards;
        this.threads = threads;
    }

    /**
     * Builds a service.
     *
     * @return a new builder
     */
    public static ServiceBuilder builder() {
        return new ServiceBuilder();
    }

    static HeartbeatService start(ServiceBuilder from, HeartbeatListener listener) {
        Shard[] shards = new Shard[from.shards];
        Thread[] threads = new Thread[from.shards];
        for (int i = 0; i < shards.length; i++) {
            shards[i] = new Shard(from, i, listener);
            threads[i] = requireNonNull(from.threads.newThread(shards[i]), "threadFactory: no thread");
            shards[i].of(threads[i]);
        }
        HeartbeatService service = new HeartbeatService(shards, threads);
        boolean started = false;
        try {
            for (Thread thread : threads) {
                thread.start();
            }
            started = true;
        } finally {
            if (!started) {
                service.close(); // those that did start
            }
        }
        return service;
    }

    /**
     * Begins to watch a connection. Opening counts as evidence. Returns at once; the service's thread takes it up within
     * microseconds, and what is said about it meanwhile is not lost.
     *
     * <p>If a part of the policy throws when that thread tells it of the opening, the connection is dead: listener and
     * transport are told.
     *
     * @param transport acts for the service; may be shared
     * @param policy may be shared
     * @return the connection, to be told what its threads see
     * @throws IllegalArgumentException if the policy contradicts itself
     * @throws IllegalStateException if the service is closed, or if all its threads have as many connections as they may;
     *     nothing else is affected
     */
    public WatchedConnection open(HeartbeatTransport transport, HeartbeatPolicy policy) {
        requireNonNull(transport, "transport");
        if (requireNonNull(policy, "policy") != checked) {
            Rules.of(policy);
            checked = policy;
        }
        requireOpen();
        long handle = handles.incrementAndGet();
        Shard shard = reserve(handle);
        Watched watched = new Watched(handle, shard, transport, policy, shard.nanoTime());
        watched.want(Watched.OPEN, 0);
        requireOpen(); // closed meanwhile: nobody would watch it
        return watched;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("open: the service is closed (expected: before close())");
        }
    }

    private Shard reserve(long handle) {
        for (int i = 0; i < shards.length; i++) {
            Shard shard = shards[(int) ((handle + i) % shards.length)];
            if (shard.reserve()) {
                return shard;
            }
        }
        throw new IllegalStateException(
                "open connections: as many as there may be (expected: < capacityPerShard on one of " + shards.length
                        + " shards)");
    }

    /**
     * What was counted since the service was started. Waits for nobody.
     *
     * @return a snapshot; what was handed over but not acted on yet is not counted
     */
    public ServiceStatistics statistics() {
        List<MonitorStatistics> each = new ArrayList<>();
        long dropped = 0;
        for (Shard shard : shards) {
            each.add(shard.statistics());
            dropped += shard.dropped();
        }
        return new ServiceStatistics(shards.length, dropped, ServiceStatistics.sum(each));
    }

    /**
     * Ends the service. When this returns, its threads have ended and nothing more is sent or told; transports are not
     * closed, they are the host's. Connections that were open say {@link Liveness#CLOSED}.
     *
     * <p>Called from a callback, or while the caller is interrupted, it does not wait for the threads: nothing more is
     * sent or told except by callbacks that run already. Calling it again is the same as calling it once.
     */
    @Override
    public void close() {
        closed = true;
        boolean mine = false;
        for (Shard shard : shards) {
            shard.stop();
            mine |= shard.isMine();
        }
        try {
            for (int i = 0; i < threads.length && !mine; i++) {
                threads[i].join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
