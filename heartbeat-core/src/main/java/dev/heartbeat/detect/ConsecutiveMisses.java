package dev.heartbeat.detect;

/** Dead after n unanswered probes in a row. The count itself lives with the connection. */
final class ConsecutiveMisses implements FailureDetector {
    private final int limit;

    ConsecutiveMisses(int limit) {
        this.limit = limit;
    }

    @Override
    public Verdict onMiss(Peer peer, long nowNs) {
        return peer.consecutiveMisses() >= limit ? Verdict.DEAD : Verdict.SUSPECT;
    }

    @Override
    public double suspicion(Peer peer, long nowNs) {
        return (double) peer.consecutiveMisses() / limit;
    }

    @Override
    public String toString() {
        return "consecutiveMisses(" + limit + ")";
    }
}
