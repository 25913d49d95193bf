package dev.heartbeat.detect;

/** Misses add to a score, a late ack adds less, and every sign of life takes a share of it away. */
final class DecayingScore implements FailureDetector {
    private final double suspectAt;
    private final double deadAt;
    private final double missWeight;
    private final double lateAckWeight;
    private final double kept;

    DecayingScore(ScoreBuilder builder) {
        suspectAt = builder.suspectScore;
        deadAt = builder.deadScore;
        missWeight = builder.missWeight;
        lateAckWeight = builder.lateAckWeight;
        kept = builder.kept;
    }

    @Override
    public int stateLongs() {
        return 1;
    }

    private static double score(Peer peer) {
        return Double.longBitsToDouble(peer.state(0));
    }

    private static void score(Peer peer, double value) {
        peer.state(0, Double.doubleToRawLongBits(value));
    }

    @Override
    public void onHeartbeat(Peer peer, long nowNs) {
        score(peer, score(peer) * kept);
    }

    @Override
    public void onLateAck(Peer peer, long nowNs) {
        // A sign of life is never the last straw.
        score(peer, Math.min(score(peer) + lateAckWeight, Math.max(score(peer), Math.nextDown(deadAt))));
    }

    @Override
    public Verdict onMiss(Peer peer, long nowNs) {
        double score = Math.min(score(peer) + missWeight, deadAt + missWeight);
        score(peer, score);
        if (score >= deadAt) {
            return Verdict.DEAD;
        }
        return score >= suspectAt ? Verdict.SUSPECT : Verdict.TRUST;
    }

    @Override
    public double suspicion(Peer peer, long nowNs) {
        return score(peer) / deadAt;
    }

    @Override
    public String explain(Peer peer, long nowNs) {
        return String.format(
                "%s: suspicion %.2f, score %.2f, %d consecutive misses",
                this, suspicion(peer, nowNs), score(peer), peer.consecutiveMisses());
    }

    @Override
    public String toString() {
        return "score(" + suspectAt + ", " + deadAt + ")";
    }
}
