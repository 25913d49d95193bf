package dev.heartbeat.netty;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many peers of one event loop may wait to be spoken to later: so many in all, and so many of each address. A network of
 * 64 bits counts as one address, as those are given out as a whole.
 *
 * <p><b>Threading:</b> confined to the event loop.
 */
final class EchoRoom {
    static final int PER_ADDRESS = 64;
    private static final int IN_ALL = 4096;

    /** No interval may be longer than a day, and no echo later than an interval. */
    private static final Duration LONGER_THAN_ANY = Duration.ofDays(2);

    private final Map<Object, int[]> byAddress = new HashMap<>();
    private int taken;
    private @Nullable HeartbeatPolicy usual;
    private @Nullable HeartbeatPolicy silent;

    /** Takes a place; false if there is none. */
    boolean take(@Nullable SocketAddress peer) {
        int[] count = byAddress.computeIfAbsent(whose(peer), key -> new int[1]);
        if (taken == IN_ALL || count[0] == PER_ADDRESS) {
            forgetIfNone(peer, count);
            return false;
        }
        count[0]++;
        taken++;
        return true;
    }

    /** Gives a place back that was taken. */
    void give(@Nullable SocketAddress peer) {
        int[] count = byAddress.get(whose(peer));
        if (count != null) {
            count[0]--;
            taken--;
            forgetIfNone(peer, count);
        }
    }

    private void forgetIfNone(@Nullable SocketAddress peer, int[] count) {
        if (count[0] == 0) {
            byAddress.remove(whose(peer));
        }
    }

    int taken() {
        return taken;
    }

    /**
     * What a peer is judged by that waits for its echo, in place of its usual policy: nothing is sent, and what ends it is the
     * echo. The policies of a loop's channels are mostly one, so the last is remembered.
     */
    HeartbeatPolicy silent(HeartbeatPolicy instead) {
        HeartbeatPolicy its = silent;
        if (its == null || usual != instead) {
            its = HeartbeatPolicy.builder()
                    .probeWhen(Quiet.NEVER)
                    .failureDetector(FailureDetectors.silence(LONGER_THAN_ANY))
                    .announcedBetween(instead.shortestAnnounced(), instead.longestAnnounced())
                    .build();
            silent = its;
            usual = instead;
        }
        return its;
    }

    private static Object whose(@Nullable SocketAddress peer) {
        InetAddress address = peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address == null) {
            return "";
        }
        return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress(), 0, 8) : address;
    }
}
