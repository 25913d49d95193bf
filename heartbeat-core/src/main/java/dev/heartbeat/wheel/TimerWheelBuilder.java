package dev.heartbeat.wheel;

import java.time.Duration;
import java.util.Objects;

/**
 * Collects the measures of a {@link TimerWheel}.
 *
 * <p><b>Threading:</b> not thread-safe.
 */
public final class TimerWheelBuilder {

    private static final Duration MIN_TICK = Duration.ofMillis(1);
    private static final Duration MAX_TICK = Duration.ofMinutes(1);
    private static final int MAX_CAPACITY = 1 << 30;

    private Duration tick = Duration.ofMillis(16);
    private int capacity = 1 << 20;
    private int initialCapacity = 16;
    private boolean hasStart;
    private long startNs;
    private WheelShape shape = WheelShape.DEFAULT;
    private int spareEntries = 4096;

    TimerWheelBuilder() {}

    /**
     * The grain of time: how late a timer may fire. With the default, 16 ms, timers of up to 65 s have a bucket of
     * their own tick at once; longer ones are moved once on the way.
     *
     * @param tick from 1 ms to 1 min
     * @return this builder
     * @throws IllegalArgumentException if {@code tick} is out of range
     */
    public TimerWheelBuilder tick(Duration tick) {
        Objects.requireNonNull(tick, "tick");
        if (tick.compareTo(MIN_TICK) < 0 || tick.compareTo(MAX_TICK) > 0) {
            throw new IllegalArgumentException("tick: " + tick + " (expected: " + MIN_TICK + " to " + MAX_TICK + ")");
        }
        this.tick = tick;
        return this;
    }

    /**
     * How many ids there may be, at most; 1,048,576 unless told. Memory is taken as ids appear, not before.
     *
     * @param capacity from 1 to 2<sup>30</sup>
     * @return this builder
     * @throws IllegalArgumentException if {@code capacity} is out of range
     */
    public TimerWheelBuilder capacity(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: 1 to " + MAX_CAPACITY + ")");
        }
        this.capacity = capacity;
        return this;
    }

    /**
     * For how many ids memory is taken at once, so that nothing is copied until there are more; 16 unless told. Beyond
     * the capacity it has no effect.
     *
     * @param initialCapacity from 1 to 2<sup>30</sup>
     * @return this builder
     * @throws IllegalArgumentException if {@code initialCapacity} is out of range
     */
    public TimerWheelBuilder initialCapacity(int initialCapacity) {
        if (initialCapacity < 1 || initialCapacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "initialCapacity: " + initialCapacity + " (expected: 1 to " + MAX_CAPACITY + ")");
        }
        this.initialCapacity = initialCapacity;
        return this;
    }

    /**
     * What the clock reads now. Must be told: any number may be a clock's origin, so there is none to assume.
     *
     * @param startNs an instant in ns, any value
     * @return this builder
     */
    public TimerWheelBuilder startNs(long startNs) {
        this.startNs = startNs;
        this.hasStart = true;
        return this;
    }

    TimerWheelBuilder shape(WheelShape shape) {
        this.shape = shape;
        return this;
    }

    TimerWheelBuilder spareEntries(int spareEntries) {
        this.spareEntries = spareEntries;
        return this;
    }

    /**
     * Makes the wheel.
     *
     * @return an empty wheel that stands at {@link #startNs}
     * @throws IllegalArgumentException if {@link #startNs} was not told
     */
    public TimerWheel build() {
        if (!hasStart) {
            throw new IllegalArgumentException("startNs: not set (expected: what the clock reads now)");
        }
        return new TimerWheel(
                capacity, Math.min(capacity, initialCapacity), tick.toNanos(), startNs, shape, spareEntries);
    }
}
