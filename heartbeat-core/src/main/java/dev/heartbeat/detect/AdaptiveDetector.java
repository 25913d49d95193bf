package dev.heartbeat.detect;

/**
 * Ours. The margin beyond the usual lateness has three parts: how much lateness varies just now, how much it varied in
 * the long run, and a floor for what the link has not shown yet.
 *
 * <p>Lateness is the interval between two heartbeats less the expected one, so a lost heartbeat is lateness too. Of it
 * are kept a mean and a mean deviation with short memories, as TCP does for the round trip, which widen the margin while
 * a bad spell lasts; and a root mean square with a long one, in which rare and large deviations count most, as in the
 * windows of phi accrual, but in 4 bytes. The factor k weighs both. The floor grows with its cube: a hasty setting has
 * to believe what the link shows, and that alone tells good links from bad ones; a patient one waits for outages and
 * lost heartbeats, which say little beforehand and last for some intervals on any link.
 *
 * <p>A single lateness counts for no more than one and a half intervals, or four times what is usual, so that an outage
 * teaches little and a peer that slows down is believed within a few heartbeats.
 */
final class AdaptiveDetector extends ArrivalDetector {
    private static final int AVERAGES = HEADER_WORDS; // mean << 32 | deviation; the long one is in the header's spare

    private static final double MEAN_GAIN = 1 / 8.0;
    private static final double DEVIATION_GAIN = 1 / 4.0;
    private static final double LONG_GAIN = 1 / 512.0;
    private static final double FLOOR = 0.03;
    private static final double SURPRISE_INTERVALS = 1.5;
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
        return expectedNs
                + Math.max(0, meanNs(peer))
                + threshold * (deviationNs(peer) + longDeviationNs(peer))
                + FLOOR * threshold * threshold * threshold * expectedNs;
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
