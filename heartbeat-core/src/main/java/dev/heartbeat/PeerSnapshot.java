package dev.heartbeat;

import dev.heartbeat.detect.Peer;

/** What a detector could see of a connection at one instant, kept when the connection is gone. */
final class PeerSnapshot implements Peer {
    private static final long[] NO_WORDS = {};

    private final long takenNs;
    private final long lastReceivedNs;
    private final long silenceNs;
    private final long expectedIntervalNs;
    private final int consecutiveMisses;
    private final long[] words;

    PeerSnapshot(Peer peer, int words, long nowNs) {
        takenNs = nowNs;
        lastReceivedNs = peer.lastReceivedNs();
        silenceNs = peer.silenceNs(nowNs);
        expectedIntervalNs = peer.expectedIntervalNs();
        consecutiveMisses = peer.consecutiveMisses();
        this.words = words == 0 ? NO_WORDS : new long[words];
        for (int i = 0; i < words; i++) {
            this.words[i] = peer.state(i);
        }
    }

    @Override
    public long lastReceivedNs() {
        return lastReceivedNs;
    }

    @Override
    public long silenceNs(long nowNs) {
        return silenceNs + (nowNs - takenNs);
    }

    @Override
    public long expectedIntervalNs() {
        return expectedIntervalNs;
    }

    @Override
    public int consecutiveMisses() {
        return consecutiveMisses;
    }

    @Override
    public long state(int index) {
        return words[index];
    }

    @Override
    public void state(int index, long value) {
        throw new UnsupportedOperationException("what has been seen does not change");
    }
}
