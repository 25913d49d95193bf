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
    int start(Peer peer) {
        peer.state(AVERAGES, 0);
        return 0;
    }

    @Override
    int learn(Peer peer, long intervalNs, int sequenceStep, int spareBits) {
        double expectedNs = peer.expectedIntervalNs();
        long averages = peer.state(AVERAGES);
        double mean = mean(averages);
        double deviation = deviation(averages);
        double longVariance = Float.intBitsToFloat(spareBits);
        double off = Math.max(0, intervalNs) - expectedNs - mean;
        if (off > SURPRISE_INTERVALS * expectedNs && off > SURPRISE_FACTOR * deviation) {
            double usual = deviation + Math.sqrt(longVariance);
            off = Math.min(off, Math.max(SURPRISE_INTERVALS * expectedNs, SURPRISE_FACTOR * usual));
        }
        int newMean = Float.floatToRawIntBits((float) (mean + MEAN_GAIN * off));
        int newDeviation = Float.floatToRawIntBits((float) (deviation + DEVIATION_GAIN * (Math.abs(off) - deviation)));
        peer.state(AVERAGES, ((long) newMean << 32) | (newDeviation & 0xFFFF_FFFFL));
        return Float.floatToRawIntBits((float) (longVariance + LONG_GAIN * (off * off - longVariance)));
    }

    private static double mean(long averages) {
        return Float.intBitsToFloat((int) (averages >>> 32));
    }

    private static double deviation(long averages) {
        return Float.intBitsToFloat((int) averages);
    }

    private static double longDeviation(Peer peer) {
        return Math.sqrt(Float.intBitsToFloat(spareBits(peer)));
    }

    @Override
    double silenceNs(Peer peer, double threshold) {
        double expectedNs = peer.expectedIntervalNs();
        long averages = peer.state(AVERAGES);
        double u = LEAST_DEVIATION + (deviation(averages) + longDeviation(peer)) / expectedNs;
        double square = threshold * threshold;
        double margin = threshold * (Math.sqrt(u * (u + TAIL * square)) + UNSEEN * square);
        return expectedNs * (1 + margin) + Math.max(0, mean(averages));
    }

    @Override
    String learnt(Peer peer) {
        long averages = peer.state(AVERAGES);
        return String.format(
                "late by %.3f s ± %.3f s, in the long run ± %.3f s",
                mean(averages) / 1e9, deviation(averages) / 1e9, longDeviation(peer) / 1e9);
    }

    @Override
    public String toString() {
        return "adaptive(" + suspectAt + ", " + deadAt + ")";
    }
}
