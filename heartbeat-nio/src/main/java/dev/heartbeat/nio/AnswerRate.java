package dev.heartbeat.nio;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** So many answers a second to each address, in a table of fixed size in which addresses may share a counter. */
final class AnswerRate {
    private static final int COUNTERS = 4096;
    private static final long SECOND_NS = 1_000_000_000L;

    private final int most;
    private final int salt = ThreadLocalRandom.current().nextInt();
    private final int[] counts = new int[COUNTERS];
    private long secondBeganNs;

    AnswerRate(int most, long nowNs) {
        this.most = most;
        secondBeganNs = nowNs;
    }

    boolean allows(InetAddress address, long nowNs) {
        if (nowNs - secondBeganNs >= SECOND_NS) {
            secondBeganNs = nowNs;
            Arrays.fill(counts, 0);
        }
        byte[] bytes = address.getAddress();
        int length = address instanceof Inet6Address ? 8 : bytes.length;
        int hash = salt;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ bytes[i]) * 0x01000193;
        }
        int at = (hash ^ (hash >>> 15)) & (COUNTERS - 1);
        if (counts[at] == most) {
            return false;
        }
        counts[at]++;
        return true;
    }
}
