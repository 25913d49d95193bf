package dev.heartbeat.time;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A clock that stands still until it is told to move: for tests and simulations.
 *
 * <p><b>Threading:</b> one thread moves it; any thread may read it.
 */
public final class ManualClock implements NanoClock {
    private volatile long nowNs;

    /**
     * A clock that shows the given instant.
     *
     * @param startNs any; a test should hold from every origin
     */
    public ManualClock(long startNs) {
        nowNs = startNs;
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    /**
     * Moves the clock. A negative length moves it backwards, as no monotonic clock should and some do.
     *
     * @param length how far
     * @return the new instant
     * @throws ArithmeticException if {@code length} does not fit into 64 bits of nanoseconds
     */
    public long advance(Duration length) {
        return advanceNs(requireNonNull(length, "length").toNanos());
    }

    /**
     * Moves the clock. A negative length moves it backwards, as no monotonic clock should and some do.
     *
     * @param lengthNs how far, in nanoseconds; the reading wraps around
     * @return the new instant
     */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread moves it
    public long advanceNs(long lengthNs) {
        long movedNs = nowNs + lengthNs;
        nowNs = movedNs;
        return movedNs;
    }

    /**
     * Sets the clock.
     *
     * @param instantNs any
     */
    public void setNs(long instantNs) {
        nowNs = instantNs;
    }
}
