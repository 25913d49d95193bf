package dev.heartbeat.detect;

/**
 * Dead when {@code k} of the last {@code n} probes stayed unanswered, in whatever order.
 *
 * <p>The one word holds a bit for each of the last probes, 1 for a miss, the newest lowest. A late ack takes the
 * newest miss back.
 */
final class MissesOfLast implements FailureDetector {
    static final int LONGEST = 63;

    private final int k;
    private final int n;
    private final long mask;

    MissesOfLast(int k, int n) {
        this.k = k;
        this.n = n;
        this.mask = (1L << n) - 1;
    }

    @Override
    public int stateLongs() {
        return 1;
    }

    @Override
    public void onAck(Peer peer, long roundTripNs, long nowNs) {
        peer.state(0, (peer.state(0) << 1) & mask);
    }

    @Override
    public void onLateAck(Peer peer, long nowNs) {
        long misses = peer.state(0);
        peer.state(0, misses & (misses - 1));
    }

    @Override
    public Verdict onMiss(Peer peer, long nowNs) {
        long misses = ((peer.state(0) << 1) | 1) & mask;
        peer.state(0, misses);
        return Long.bitCount(misses) >= k ? Verdict.DEAD : Verdict.SUSPECT;
    }

    @Override
    public double suspicion(Peer peer, long nowNs) {
        return (double) Long.bitCount(peer.state(0)) / k;
    }

    @Override
    public String explain(Peer peer, long nowNs) {
        return String.format(
                "%s: suspicion %.2f, %d of the last %d probes missed",
                this, suspicion(peer, nowNs), Long.bitCount(peer.state(0)), n);
    }

    @Override
    public String toString() {
        return "misses(" + k + " of the last " + n + ")";
    }
}
