package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Refuses bad arguments at the door, naming them, their value and what was expected. */
final class Require {
    private static final long MAX_NS = Long.MAX_VALUE >> 1;
    private static final Duration MAX = Duration.ofNanos(MAX_NS);

    private Require() {}

    static void that(boolean condition, String name, Object value, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** A length of 0 or more, saturated at half the range of a {@code long}. */
    static long nonNegativeNs(String name, Duration value) {
        that(!requireNonNull(value, name).isNegative(), name, value, ">= 0");
        return value.compareTo(MAX) >= 0 ? MAX_NS : value.toNanos();
    }

    static long positiveNs(String name, Duration value) {
        long ns = nonNegativeNs(name, value);
        that(ns > 0, name, value, "> 0");
        return ns;
    }

    static int inRange(String name, int value, int min, int max) {
        that(value >= min && value <= max, name, value, "from " + min + " to " + max);
        return value;
    }

    /** Closes a channel, by force if the kernel is not to go on trying to get rid of what was written. */
    static void closeQuietly(Channel channel, boolean byForce) {
        try {
            if (byForce && channel.isOpen() && channel instanceof SocketChannel socket) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException | RuntimeException e) {
            // Then it is closed without.
        }
        try {
            channel.close();
        } catch (IOException e) {
            // A channel that cannot even be closed is gone as well.
        }
    }
}
