package dev.heartbeat.detect;

import java.time.Duration;

/**
 * The retransmission timer of TCP: smoothed round trip plus four times its deviation, doubled with each miss.
 *
 * <p>RFC 6298, sections 2, 3 (Karn's rule) and 5.5. Two words: both averages as floats; the doublings and the flag.
 */
final class AdaptiveAckTimeout implements AckTimeout {
    private static final int AVERAGES = 0; // smoothed << 32 | deviation, whose sign bit is set once there is a sample
    private static final int BACKOFF = 1;
    private static final int SAMPLED = 1 << 31;
    private static final long AMBIGUOUS = 1L << 8;
    private static final long SHIFT_MASK = AMBIGUOUS - 1;
    private static final int MOST_DOUBLINGS = 62;

    private final long initialNs;
    private final long shortestNs;
    private final long longestNs;
    private final long granularityNs;
    private final boolean numberedProbes;

    AdaptiveAckTimeout(AckTimeoutBuilder builder) {
        initialNs = builder.initialNs;
        shortestNs = builder.shortestNs;
        longestNs = builder.longestNs;
        granularityNs = builder.granularityNs;
        numberedProbes = builder.numberedProbes;
    }

    @Override
    public int stateLongs() {
        return 2;
    }

    @Override
    public long longestNs() {
        return longestNs;
    }

    @Override
    public long timeoutNs(Peer peer) {
        long averages = peer.state(AVERAGES);
        double ns = initialNs;
        if (((int) averages & SAMPLED) != 0) {
            ns = smoothed(averages) + Math.max((double) granularityNs, 4.0 * deviation(averages));
        }
        int doublings = (int) (peer.state(BACKOFF) & SHIFT_MASK);
        double boundedNs = Math.max((double) shortestNs, ns);
        return Math.min(longestNs, (long) Math.scalb(boundedNs, doublings));
    }

    @Override
    public void onAck(Peer peer, long roundTripNs, long nowNs) {
        long backoff = peer.state(BACKOFF);
        if ((backoff & AMBIGUOUS) != 0 && !numberedProbes) {
            // Karn: it may answer this probe or the one before, so it teaches nothing, and the doubling stays.
            peer.state(BACKOFF, backoff & SHIFT_MASK);
            return;
        }
        peer.state(BACKOFF, 0);
        long averages = peer.state(AVERAGES);
        float sample = (float) Math.max(0, roundTripNs);
        if (((int) averages & SAMPLED) == 0) {
            store(peer, sample, sample / 2);
            return;
        }
        float smoothed = smoothed(averages);
        float deviation = deviation(averages);
        deviation += (Math.abs(smoothed - sample) - deviation) / 4;
        smoothed += (sample - smoothed) / 8;
        store(peer, smoothed, deviation);
    }

    @Override
    public void onMiss(Peer peer, long nowNs) {
        long doublings = peer.state(BACKOFF) & SHIFT_MASK;
        peer.state(BACKOFF, Math.min(MOST_DOUBLINGS, doublings + 1) | AMBIGUOUS);
    }

    private static void store(Peer peer, float smoothed, float deviation) {
        long low = (Float.floatToRawIntBits(deviation) | SAMPLED) & 0xFFFF_FFFFL;
        peer.state(AVERAGES, ((long) Float.floatToRawIntBits(smoothed) << 32) | low);
    }

    private static float smoothed(long averages) {
        return Float.intBitsToFloat((int) (averages >>> 32));
    }

    private static float deviation(long averages) {
        return Float.intBitsToFloat((int) averages & ~SAMPLED);
    }

    @Override
    public String toString() {
        return "adaptive(" + Duration.ofNanos(shortestNs) + " to " + Duration.ofNanos(longestNs) + ")";
    }
}
