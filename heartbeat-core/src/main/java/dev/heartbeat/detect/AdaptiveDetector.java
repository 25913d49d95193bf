package dev.heartbeat.detect;

/**
 * Ours. The margin beyond the usual lateness comes from how much lateness varies just now and in the long run.
 *
 * <p>Lateness is the interval between two heartbeats less the expected one, so a lost heartbeat is lateness too. Of it
 * are kept a mean and a mean deviation with short memories, as TCP does for the round trip, which widen the margin while
 * a bad spell lasts; and a root mean square with a long one, in which rare and large deviations count most, as in the
 * windows of phi accrual, but in 4 bytes.
 *
 * <p>One setting is fair to unlike links if another millisecond would save equally many mistakes on each. Near to the
 * usual lateness that asks for margins in proportion to the deviation u: k u. Farther out tails are heavy, as a power of
 * the distance, and ask for its square root: k² √(a u). And what no link has shown yet, outages and losses that last for
 * intervals, asks for the same on all: b k³. With u in intervals the margin is k √(u (u + a k²)) + b k³.
 *
 * <p>A single lateness counts for less than an interval, or for four times what is usual, so that an outage teaches
 * little and a peer that slows down is believed within a few heartbeats.
 */
final class AdaptiveDetector extends ArrivalDetector {
    private static final int AVERAGES = HEADER_WORDS; // mean << 32 | deviation; the long one is in the header's spare

    private static final double MEAN_GAIN = 1 / 8.0;
    private static final double DEVIATION_GAIN = 1 / 4.0;
    private static final double LONG_GAIN = 1 / 512.0;
    private static final double LEAST_DEVIATION = 0.01;
    private static final double TAIL = 0.06;
    private static final double UNSEEN = 0.01;
    private static final double SURPRISE_INTERVALS = 0.85;
    private static final double SURPRISE_FACTOR = 4;

    AdaptiveDetector(double suspectAt, double deadAt) {
        super(suspectAt, deadAt);
    }

    @Override
    public int stateLongs() {
        return HEADER_WORDS + 1;
    }

    @Override
    void start(Peer peer) {
        store(peer, 0, 0, 0);
    }

    @Override
    void learn(Peer peer, long intervalNs, int sequenceStep) {
        double expectedNs = peer.expectedIntervalNs();
        double mean = meanNs(peer);
        double deviation = deviationNs(peer);
        double longDeviation = longDeviationNs(peer);
        double most = Math.max(SURPRISE_INTERVALS * expectedNs, SURPRISE_FACTOR * (deviation + longDeviation));
        double off = Math.min(most, Math.max(0, intervalNs) - expectedNs - mean);
        store(
                peer,
                mean + MEAN_GAIN * off,
                deviation + DEVIATION_GAIN * (Math.abs(off) - deviation),
                Math.sqrt(longDeviation * longDeviation + LONG_GAIN * (off * off - longDeviation * longDeviation)));
    }

    private static void store(Peer peer, double mean, double deviation, double longDeviation) {
        long low = Float.floatToRawIntBits((float) deviation) & 0xFFFF_FFFFL;
        peer.state(AVERAGES, ((long) Float.floatToRawIntBits((float) mean) << 32) | low);
        spareBits(peer, Float.floatToRawIntBits((float) longDeviation));
    }

    private static double meanNs(Peer peer) {
        return Float.intBitsToFloat((int) (peer.state(AVERAGES) >>> 32));
    }

    private static double deviationNs(Peer peer) {
        return Float.intBitsToFloat((int) peer.state(AVERAGES));
    }

    private static double longDeviationNs(Peer peer) {
        return Float.intBitsToFloat(spareBits(peer));
    }

    @Override
    double silenceNs(Peer peer, double threshold) {
        double expectedNs = peer.expectedIntervalNs();
        double u = LEAST_DEVIATION + (deviationNs(peer) + longDeviationNs(peer)) / expectedNs;
        double square = threshold * threshold;
        double margin = threshold * (Math.sqrt(u * (u + TAIL * square)) + UNSEEN * square);
        return expectedNs * (1 + margin) + Math.max(0, meanNs(peer));
    }

    @Override
    String learnt(Peer peer) {
        return String.format(
                "late by %.3f s ± %.3f s, in the long run ± %.3f s",
                meanNs(peer) / 1e9, deviationNs(peer) / 1e9, longDeviationNs(peer) / 1e9);
    }

    @Override
    public String toString() {
        return "adaptive(" + suspectAt + ", " + deadAt + ")";
    }
}
