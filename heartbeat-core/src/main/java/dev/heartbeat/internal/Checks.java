package dev.heartbeat.internal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Refuses bad arguments at the door, naming them, their value and what was expected. */
public final class Checks {
    /**
     * Longer than any length that is counted with: half the range of a {@code long}, so that an instant plus a length
     * still compares by subtraction.
     */
    public static final long MAX_NS = Long.MAX_VALUE >> 1;

    private static final Duration MAX = Duration.ofNanos(MAX_NS);

    private Checks() {}

    /**
     * A length in nanoseconds, saturated at {@link #MAX_NS} in either direction.
     *
     * @param name for the message
     * @param value any
     * @return from −{@link #MAX_NS} to {@link #MAX_NS}
     */
    public static long saturatedNs(String name, Duration value) {
        requireNonNull(value, name);
        if (value.compareTo(MAX) >= 0) {
            return MAX_NS;
        }
        return value.compareTo(MAX.negated()) <= 0 ? -MAX_NS : value.toNanos();
    }

    /**
     * A length greater than 0.
     *
     * @param name for the message
     * @param value the argument
     * @return its nanoseconds, saturated at {@link #MAX_NS}
     */
    public static long positiveNs(String name, Duration value) {
        long ns = saturatedNs(name, value);
        require(ns > 0, name, value, "> 0");
        return ns;
    }

    /**
     * A length of 0 or more.
     *
     * @param name for the message
     * @param value the argument
     * @return its nanoseconds, saturated at {@link #MAX_NS}
     */
    public static long nonNegativeNs(String name, Duration value) {
        long ns = saturatedNs(name, value);
        require(ns >= 0, name, value, ">= 0");
        return ns;
    }

    /**
     * A whole number within bounds.
     *
     * @param name for the message
     * @param value the argument
     * @param min the least that is allowed
     * @param max the most that is allowed
     * @return {@code value}
     */
    public static int inRange(String name, int value, int min, int max) {
        if (value >= min && value <= max) { // the message is only put together when it is needed
            return value;
        }
        throw refusal(name, value, "from " + min + " to " + max);
    }

    /**
     * A whole number within bounds.
     *
     * @param name for the message
     * @param value the argument
     * @param min the least that is allowed
     * @param max the most that is allowed
     * @return {@code value}
     */
    public static long inRange(String name, long value, long min, long max) {
        if (value >= min && value <= max) { // the message is only put together when it is needed
            return value;
        }
        throw refusal(name, value, "from " + min + " to " + max);
    }

    /**
     * A number within bounds; not-a-number never is.
     *
     * @param name for the message
     * @param value the argument
     * @param min the least that is allowed
     * @param max the most that is allowed
     * @return {@code value}
     */
    public static double inRange(String name, double value, double min, double max) {
        if (value >= min && value <= max) { // the message is only put together when it is needed
            return value;
        }
        throw refusal(name, value, "from " + min + " to " + max);
    }

    /**
     * Any condition.
     *
     * @param condition what must hold
     * @param name for the message
     * @param value for the message
     * @param expected for the message
     * @throws IllegalArgumentException if {@code condition} is false
     */
    public static void require(boolean condition, String name, Object value, String expected) {
        if (!condition) {
            throw refusal(name, value, expected);
        }
    }

    private static IllegalArgumentException refusal(String name, Object value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
}
