package dev.heartbeat.time;

/**
 * A monotonic clock. Its readings have any origin, may be negative and may wrap around: compare them by subtraction.
 *
 * <p>On the JVM it is {@link #system()}. On Android pass {@code SystemClock::elapsedRealtimeNanos}, which goes on while
 * the device sleeps. In tests it is a {@link ManualClock}. Never the wall clock.
 *
 * <p><b>Threading:</b> implementations are safe for several threads, unless they say otherwise.
 */
@FunctionalInterface
public interface NanoClock {
    /**
     * Reads the clock.
     *
     * @return an instant, in nanoseconds since an arbitrary origin
     */
    long nanoTime();

    /**
     * The clock of the Java virtual machine.
     *
     * @return a clock that reads {@link System#nanoTime()}
     */
    static NanoClock system() {
        return System::nanoTime;
    }
}
