package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import dev.heartbeat.time.NanoClock;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Builds and starts a {@link HeartbeatService}.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class ServiceBuilder {
    private static final int MOST_SHARDS = 256;
    private static final int MOST_CONNECTIONS = 1 << 28;
    private static final int MOST_COMMANDS = 1 << 24;
    private static final long SEED_STEP = 0x9e3779b97f4a7c15L;

    int shards = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
    int capacity = 1 << 24;
    int commandCapacity = 1 << 12;
    NanoClock clock = NanoClock.system();
    ThreadFactory threads = namedDaemons();

    private final MonitorBuilder monitor = new MonitorBuilder();
    private long seed = SEED_STEP;

    ServiceBuilder() {}

    /**
     * Sets how many threads share the connections. One serves a million connections that probe once a minute; more are
     * for listeners and transports that take their time. Default: half the processors, from 1 to 4.
     *
     * @param shards from 1 to 256
     * @return this builder
     * @throws IllegalArgumentException if {@code shards} is out of range
     */
    public ServiceBuilder shards(int shards) {
        this.shards = Checks.inRange("shards", shards, 1, MOST_SHARDS);
        return this;
    }

    /**
     * Sets how many connections each thread may have open at once; one more is refused. Memory is only taken as they
     * come. Default: 16 777 216.
     *
     * @param capacity from 1 to 268 435 456
     * @return this builder
     * @throws IllegalArgumentException if {@code capacity} is out of range
     */
    public ServiceBuilder capacityPerShard(int capacity) {
        this.capacity = Checks.inRange("capacityPerShard", capacity, 1, MOST_CONNECTIONS);
        return this;
    }

    /**
     * Sets how many acks and pings may wait for each thread; more are dropped, counted, and still evidence of life.
     * Nothing else can be dropped. Taken at once, at 36 bytes each. Default: 4096.
     *
     * @param capacity from 2 to 16 777 216; raised to a power of two
     * @return this builder
     * @throws IllegalArgumentException if {@code capacity} is out of range
     */
    public ServiceBuilder commandCapacity(int capacity) {
        commandCapacity = Checks.inRange("commandCapacity", capacity, 2, MOST_COMMANDS);
        return this;
    }

    /**
     * Sets the clock. Default: {@link NanoClock#system()}.
     *
     * @param clock safe for several threads; goes on about as fast as the system's
     * @return this builder
     */
    public ServiceBuilder clock(NanoClock clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Sets who makes the threads. Default: daemon threads named {@code heartbeat-1} and so on.
     *
     * @param threads asked once per shard; the threads are started by the service
     * @return this builder
     */
    public ServiceBuilder threadFactory(ThreadFactory threads) {
        this.threads = requireNonNull(threads, "threads");
        return this;
    }

    /**
     * Sets how late a decision may be at most; see {@link MonitorBuilder#tick}. Default: 16 ms.
     *
     * @param tick from 1 ms to 1 min
     * @return this builder
     * @throws IllegalArgumentException if {@code tick} is out of range
     */
    public ServiceBuilder tick(Duration tick) {
        monitor.tick(tick);
        return this;
    }

    /**
     * Sets how late a thread may wake up before that counts as a stall of our own; see
     * {@link MonitorBuilder#stallTolerance}. Default: 250 ms.
     *
     * @param stallTolerance greater than 0
     * @return this builder
     * @throws IllegalArgumentException if {@code stallTolerance} is not greater than 0
     */
    public ServiceBuilder stallTolerance(Duration stallTolerance) {
        monitor.stallTolerance(stallTolerance);
        return this;
    }

    /**
     * Sets the seed of the jitter; see {@link MonitorBuilder#seed}. Each thread has another one, made of it.
     *
     * @param seed any
     * @return this builder
     */
    public ServiceBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Sets whether each connection keeps its last round trip for its {@link DeathCause}, at 20 bytes. Default: yes.
     *
     * @param counting false to do without
     * @return this builder
     */
    public ServiceBuilder countPerConnection(boolean counting) {
        monitor.countPerConnection(counting);
        return this;
    }

    /**
     * Builds the service and starts its threads.
     *
     * @param listener told what becomes of connections, by any of the threads, and by several at once if there are
     *     several; about one connection always by the same
     * @return a service that watches nothing yet; to be closed
     */
    public HeartbeatService start(HeartbeatListener listener) {
        return HeartbeatService.start(this, requireNonNull(listener, "listener"));
    }

    MonitorBuilder monitor(int shard) {
        return monitor.capacity(capacity).seed(seed + shard * SEED_STEP);
    }

    private static ThreadFactory namedDaemons() {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "heartbeat-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
