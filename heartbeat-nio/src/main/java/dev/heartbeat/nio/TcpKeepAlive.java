package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The kernel's own keep-alive: probes below the application, which find a path that is gone when nothing is said.
 *
 * <p>It is no replacement for heartbeats. The kernel answers for a process that hangs, it does not probe while data is
 * unacknowledged, and proxies answer for the peer. Beside heartbeats it cleans up what they do not watch.
 *
 * <p>Not every platform and channel has all of it, so {@link #apply} says what came of it.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class TcpKeepAlive {
    private static final int MOST_SECONDS = 32_767;
    private static final int MOST_PROBES = 127;

    private final int idleSeconds;
    private final int intervalSeconds;
    private final int count;

    private TcpKeepAlive(int idleSeconds, int intervalSeconds, int count) {
        this.idleSeconds = idleSeconds;
        this.intervalSeconds = intervalSeconds;
        this.count = count;
    }

    /**
     * Says what to set. A path that is gone is found after idle + count · interval.
     *
     * @param idle quiet time before the first probe; whole seconds, from 1 to 32 767
     * @param interval from one probe to the next; whole seconds, from 1 to 32 767
     * @param count unanswered probes that end the connection; from 1 to 127
     * @return the settings
     * @throws IllegalArgumentException if one of them is out of range
     */
    public static TcpKeepAlive of(Duration idle, Duration interval, int count) {
        return new TcpKeepAlive(
                seconds("idle", idle), seconds("interval", interval), Require.inRange("count", count, 1, MOST_PROBES));
    }

    private static int seconds(String name, Duration value) {
        requireNonNull(value, name);
        boolean whole = value.getNano() == 0 && value.getSeconds() >= 1 && value.getSeconds() <= MOST_SECONDS;
        Require.that(whole, name, value, "whole seconds from PT1S to " + Duration.ofSeconds(MOST_SECONDS));
        return (int) value.getSeconds();
    }

    /**
     * Sets what can be set. It does not fail: what could not be set is said.
     *
     * @param channel a TCP channel
     * @return what was applied and what was not, and why
     */
    public Report apply(NetworkChannel channel) {
        Map<String, String> applied = new LinkedHashMap<>();
        Map<String, String> missing = new LinkedHashMap<>();
        set(channel, StandardSocketOptions.SO_KEEPALIVE.name(), true, applied, missing);
        set(channel, "TCP_KEEPIDLE", idleSeconds, applied, missing);
        set(channel, "TCP_KEEPINTERVAL", intervalSeconds, applied, missing);
        set(channel, "TCP_KEEPCOUNT", count, applied, missing);
        return new Report(applied, missing);
    }

    private static <T> void set(
            NetworkChannel channel, String name, T value, Map<String, String> applied, Map<String, String> missing) {
        // Found by name: the module jdk.net that holds the TCP options need not be there.
        for (SocketOption<?> option : channel.supportedOptions()) {
            if (option.name().equals(name) && option.type().isInstance(value)) {
                @SuppressWarnings("unchecked") // its type was asked for
                SocketOption<T> its = (SocketOption<T>) option;
                try {
                    channel.setOption(its, value);
                    applied.put(name, String.valueOf(channel.getOption(its)));
                } catch (IOException | RuntimeException e) {
                    missing.put(name, String.valueOf(e));
                }
                return;
            }
        }
        missing.put(name, "not supported by " + channel.getClass().getSimpleName() + " on this platform");
    }

    @Override
    public String toString() {
        return "TcpKeepAlive(idle=" + idleSeconds + "s, interval=" + intervalSeconds + "s, count=" + count + ")";
    }

    /**
     * What came of it.
     *
     * <p><b>Threading:</b> immutable.
     *
     * @param applied name of the option and the value that the kernel says it has now
     * @param missing name of the option and why it was not set
     */
    public record Report(Map<String, String> applied, Map<String, String> missing) {
        /**
         * Copies both.
         *
         * @param applied as said
         * @param missing as said
         */
        public Report {
            applied = Map.copyOf(applied);
            missing = Map.copyOf(missing);
        }

        /**
         * Whether nothing is missing.
         *
         * @return true if every option was set
         */
        public boolean isComplete() {
            return missing.isEmpty();
        }
    }
}
