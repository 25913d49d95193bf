package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/**
 * Builds a {@link HeartbeatMonitor}.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class MonitorBuilder {
    private static final int MOST_CONNECTIONS = 1 << 28;

    int capacity = 1 << 24;
    int initialCapacity = 16;
    Duration tick = Duration.ofMillis(16);
    Duration stallTolerance = Duration.ofMillis(250);
    long seed = 0x9e3779b97f4a7c15L;
    boolean counting = true;

    MonitorBuilder() {}

    /**
     * Sets how many connections may be open at once; one more is refused. Memory is only taken as they come. Default:
     * 16 777 216.
     *
     * @param capacity from 1 to 268 435 456
     * @return this builder
     * @throws IllegalArgumentException if {@code capacity} is out of range
     */
    public MonitorBuilder capacity(int capacity) {
        this.capacity = Checks.inRange("capacity", capacity, 1, MOST_CONNECTIONS);
        return this;
    }

    /**
     * Sets for how many connections memory is taken with the first one, so that nothing is copied until there are more. Beyond the
     * capacity it has no effect. Default: 16.
     *
     * @param initialCapacity from 1 to 268 435 456
     * @return this builder
     * @throws IllegalArgumentException if {@code initialCapacity} is out of range
     */
    public MonitorBuilder initialCapacity(int initialCapacity) {
        this.initialCapacity = Checks.inRange("initialCapacity", initialCapacity, 1, MOST_CONNECTIONS);
        return this;
    }

    /**
     * Sets how late a decision may be at most, beside the host's own lateness. A coarser tick wakes the host less often.
     * Default: 16 ms.
     *
     * @param tick from 1 ms to 1 min
     * @return this builder
     * @throws IllegalArgumentException if {@code tick} is out of range
     */
    public MonitorBuilder tick(Duration tick) {
        Checks.inRange("tick", Checks.saturatedNs("tick", tick), 1_000_000, 60_000_000_000L);
        this.tick = tick;
        return this;
    }

    /**
     * Sets how late the host may call {@link HeartbeatMonitor#poll} before the time since its last call counts as a
     * stall of its own, which no peer is blamed for. Default: 250 ms.
     *
     * @param stallTolerance greater than 0
     * @return this builder
     * @throws IllegalArgumentException if {@code stallTolerance} is not greater than 0
     */
    public MonitorBuilder stallTolerance(Duration stallTolerance) {
        Checks.positiveNs("stallTolerance", stallTolerance);
        this.stallTolerance = stallTolerance;
        return this;
    }

    /**
     * Sets the seed of the jitter. Default: a constant, so that runs repeat; a fleet's members should differ in theirs.
     *
     * @param seed any
     * @return this builder
     */
    public MonitorBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Sets whether probes, acks and round trips are counted for each connection too, at 20 bytes each. Default: yes.
     *
     * @param counting false to do without
     * @return this builder
     */
    public MonitorBuilder countPerConnection(boolean counting) {
        this.counting = counting;
        return this;
    }

    /**
     * Builds the monitor.
     *
     * @param listener told what becomes of connections
     * @param nowNs the present instant of the clock whose readings the monitor will be given
     * @return a monitor that watches nothing yet
     */
    public HeartbeatMonitor build(HeartbeatListener listener, long nowNs) {
        return new HeartbeatMonitor(this, requireNonNull(listener, "listener"), nowNs);
    }
}
