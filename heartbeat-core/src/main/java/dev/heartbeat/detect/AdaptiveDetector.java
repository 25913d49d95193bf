package dev.heartbeat.detect;

/**
 * Ours: follows how late heartbeats are and how much that varies, with a floor that is a share of the interval, and
 * never learns more from one heartbeat than it would have waited for.
 */
final class AdaptiveDetector extends ArrivalDetector {
    private static final int AVERAGES = HEADER_WORDS;
    private static final float FLOOR = 0.3f;

    AdaptiveDetector(double suspectAt, double deadAt) {
        super(suspectAt, deadAt);
    }

    @Override
    public int stateLongs() {
        return HEADER_WORDS + 1;
    }

    @Override
    void start(Peer peer) {
        store(peer, 0, 0);
    }

    @Override
    void learn(Peer peer, long intervalNs, int sequenceStep) {
        float etaNs = peer.expectedIntervalNs();
        float s = late(peer);
        float v = deviation(peer);
        float lateness = Math.max(0, intervalNs) - peer.expectedIntervalNs();
        float limit = s + (float) suspectAt * (v + FLOOR * etaNs);
        float d = Math.min(lateness, limit) - s;
        s += d / 8;
        v += (Math.abs(d) - v) / 4;
        store(peer, s, v);
    }

    private static void store(Peer peer, float s, float v) {
        peer.state(AVERAGES, ((long) Float.floatToRawIntBits(s) << 32) | (Float.floatToRawIntBits(v) & 0xFFFF_FFFFL));
    }

    private static float late(Peer peer) {
        return Float.intBitsToFloat((int) (peer.state(AVERAGES) >>> 32));
    }

    private static float deviation(Peer peer) {
        return Float.intBitsToFloat((int) peer.state(AVERAGES));
    }

    @Override
    double silenceNs(Peer peer, double threshold) {
        double etaNs = peer.expectedIntervalNs();
        return etaNs + Math.max(0, late(peer)) + threshold * (deviation(peer) + FLOOR * etaNs);
    }

    @Override
    String learnt(Peer peer) {
        return String.format("late by %.3f s ± %.3f s", late(peer) / 1e9, deviation(peer) / 1e9);
    }

    @Override
    public String toString() {
        return "adaptive(" + suspectAt + ", " + deadAt + ")";
    }
}
