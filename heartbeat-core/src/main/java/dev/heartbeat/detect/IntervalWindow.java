package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;

/**
 * The last intervals between heartbeats in a ring of a peer's words, with their mean and deviation kept up to date.
 *
 * <p>Samples are differences to the announced interval in whole nanoseconds and their sums are exact, the squares in
 * 128 bits: subtracting an outage that leaves the window must leave no error behind.
 */
final class IntervalWindow {
    private static final int CURSOR = ArrivalDetector.HEADER_WORDS; // samples << 32 | index of the next one
    private static final int ORIGIN_NS = CURSOR + 1;
    private static final int SUM_NS = CURSOR + 2;
    private static final int SQUARES_HIGH = CURSOR + 3;
    private static final int SQUARES_LOW = CURSOR + 4;
    private static final int RING = CURSOR + 5;

    /** 78 hours: the squares of 16 384 of them, times 16 384, fit into 127 bits. */
    private static final long LONGEST_NS = 1L << 48;

    /** The largest window whose sums stay exact. */
    static final int LONGEST = 1 << 14;

    private final int size;

    IntervalWindow(int size) {
        this.size = size;
    }

    int words() {
        return RING + size;
    }

    /** Forgets everything; intervals are around {@code originNs} from now on. */
    void clear(Peer peer, long originNs) {
        peer.state(CURSOR, 0);
        peer.state(ORIGIN_NS, originNs);
        peer.state(SUM_NS, 0);
        peer.state(SQUARES_HIGH, 0);
        peer.state(SQUARES_LOW, 0);
    }

    void add(Peer peer, long intervalNs) {
        long sample = Math.max(-LONGEST_NS, Math.min(LONGEST_NS, intervalNs - peer.state(ORIGIN_NS)));
        long cursor = peer.state(CURSOR);
        int samples = (int) (cursor >>> 32);
        int next = (int) cursor;
        long sum = peer.state(SUM_NS) + sample;
        long high = peer.state(SQUARES_HIGH);
        long low = peer.state(SQUARES_LOW);
        if (samples == size) {
            long oldest = peer.state(RING + next);
            sum -= oldest;
            long squareLow = oldest * oldest;
            high -= multiplyHigh(oldest, oldest) + (Long.compareUnsigned(low, squareLow) < 0 ? 1 : 0);
            low -= squareLow;
        } else {
            samples++;
        }
        long squareLow = sample * sample;
        low += squareLow;
        high += multiplyHigh(sample, sample) + (Long.compareUnsigned(low, squareLow) < 0 ? 1 : 0);
        peer.state(RING + next, sample);
        peer.state(SUM_NS, sum);
        peer.state(SQUARES_HIGH, high);
        peer.state(SQUARES_LOW, low);
        peer.state(CURSOR, ((long) samples << 32) | (next + 1 == size ? 0 : next + 1));
    }

    /** What the intervals are measured against; changes when the peer announces another one. */
    long originNs(Peer peer) {
        return peer.state(ORIGIN_NS);
    }

    double meanNs(Peer peer) {
        return (double) peer.state(ORIGIN_NS) + (double) peer.state(SUM_NS) / (double) (peer.state(CURSOR) >>> 32);
    }

    /** The standard deviation of the samples themselves, divided by n. */
    double deviationNs(Peer peer) {
        long samples = peer.state(CURSOR) >>> 32;
        long sum = peer.state(SUM_NS);
        long low = peer.state(SQUARES_LOW);
        // n * squares - sum * sum, in 128 bits
        long productLow = low * samples;
        long productHigh = multiplyHighUnsigned(low, samples) + peer.state(SQUARES_HIGH) * samples;
        long sumLow = sum * sum;
        productHigh -= multiplyHigh(sum, sum) + (Long.compareUnsigned(productLow, sumLow) < 0 ? 1 : 0);
        productLow -= sumLow;
        double spread = (double) productHigh * 0x1p64 + unsigned(productLow);
        return Math.sqrt(spread) / (double) samples;
    }

    private static double unsigned(long value) {
        return (double) (value >>> 1) * 2.0 + (double) (value & 1);
    }

    /** As {@code Math.multiplyHigh}, which Android lacks. */
    private static long multiplyHigh(long a, long b) {
        return multiplyHighUnsigned(a, b) - ((a >> 63) & b) - ((b >> 63) & a);
    }

    private static long multiplyHighUnsigned(long a, long b) {
        long aLow = a & 0xFFFF_FFFFL;
        long aHigh = a >>> 32;
        long bLow = b & 0xFFFF_FFFFL;
        long bHigh = b >>> 32;
        long middle = aHigh * bLow + ((aLow * bLow) >>> 32);
        long carry = (middle & 0xFFFF_FFFFL) + aLow * bHigh;
        return aHigh * bHigh + (middle >>> 32) + (carry >>> 32);
    }

    static int checkedSize(int window) {
        return Checks.inRange("window", window, 1, LONGEST);
    }
}
