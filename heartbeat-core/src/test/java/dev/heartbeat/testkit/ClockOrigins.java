package dev.heartbeat.testkit;

/**
 * Readings from which a monotonic clock may start. What measures time has to hold from each of them.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class ClockOrigins {
    private static final long[] ALL = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L};

    private ClockOrigins() {}

    /**
     * Every origin worth a test, those near the wrap-around included.
     *
     * @return a new array, in nanoseconds
     */
    public static long[] all() {
        return ALL.clone();
    }
}
