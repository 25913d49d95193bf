package dev.heartbeat.nio;

import java.time.Duration;

/**
 * How far strangers may make a server speak to them after a time of silence ({@code ECHO_AFTER}), by which clients find
 * out how long the path remembers them.
 *
 * <p>What is beyond a limit is refused: answered at once with a delay of 0, counted and told. Each connection may wait for
 * one such echo at a time.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class EchoLimits {
    private static final int MOST = 1 << 20;
    private static final EchoLimits DEFAULTS = new EchoLimits(Duration.ofMillis(100), Duration.ofHours(1), 64, 4096);
    private static final EchoLimits NONE = new EchoLimits(Duration.ofMillis(100), Duration.ofHours(1), 0, 0);

    final long shortestNs;
    final long longestNs;
    final int perAddress;
    final int inAll;
    private final Duration shortest;
    private final Duration longest;

    private EchoLimits(Duration shortest, Duration longest, int perAddress, int inAll) {
        this.shortest = shortest;
        this.longest = longest;
        shortestNs = Require.positiveNs("shortest", shortest);
        longestNs = Require.positiveNs("longest", longest);
        Require.that(longestNs >= shortestNs, "longest", longest, ">= shortest " + shortest);
        this.perAddress = perAddress;
        this.inAll = inAll;
    }

    /**
     * From 100 ms to an hour, 64 at a time per remote address (a network of 64 bits counts as one, of IPv6), 4096 in all.
     *
     * @return the limits if nothing else is said
     */
    public static EchoLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Nothing is served; every request is refused.
     *
     * @return the narrowest limits
     */
    public static EchoLimits off() {
        return NONE;
    }

    /**
     * The same with other times. A delay out of them is brought within, and the answer says so.
     *
     * @param shortest greater than 0
     * @param longest at least {@code shortest}
     * @return new limits
     * @throws IllegalArgumentException if one is out of its range
     */
    public EchoLimits between(Duration shortest, Duration longest) {
        return new EchoLimits(shortest, longest, perAddress, inAll);
    }

    /**
     * The same with another number per remote address. Clients that search with six probes side by side need six, and many
     * may share an address.
     *
     * @param echoes 1 or more
     * @return new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public EchoLimits perAddress(int echoes) {
        return new EchoLimits(shortest, longest, Require.inRange("echoes", echoes, 1, MOST), inAll);
    }

    /**
     * The same with another number for the whole selector.
     *
     * @param echoes 1 or more
     * @return new limits
     * @throws IllegalArgumentException if it is out of its range
     */
    public EchoLimits inAll(int echoes) {
        return new EchoLimits(shortest, longest, perAddress, Require.inRange("echoes", echoes, 1, MOST));
    }

    long clamp(long delayNs) {
        return Math.max(shortestNs, Math.min(longestNs, delayNs));
    }

    @Override
    public String toString() {
        return inAll == 0
                ? "off"
                : "from " + shortest + " to " + longest + ", " + perAddress + " per address, " + inAll + " in all";
    }
}
