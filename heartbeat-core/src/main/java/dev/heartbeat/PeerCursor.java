package dev.heartbeat;

import dev.heartbeat.detect.Peer;

/** One connection as its detector or its ack timeout sees it: a window that is moved over the columns. */
final class PeerCursor implements Peer {
    private final Connections all;
    private final StallGuard stalls;
    private final Intervals intervals;
    private int slot;
    private int firstWord;

    PeerCursor(Connections all, StallGuard stalls, Intervals intervals) {
        this.all = all;
        this.stalls = stalls;
        this.intervals = intervals;
    }

    /** Over the detector's words from 0 on, over the ack timeout's behind them. */
    PeerCursor at(int slot, int firstWord) {
        this.slot = slot;
        this.firstWord = firstWord;
        return this;
    }

    @Override
    public long lastReceivedNs() {
        return all.receivedNs(slot);
    }

    @Override
    public long silenceNs(long nowNs) {
        return stalls.awakeNs(all.receivedNs(slot), nowNs);
    }

    @Override
    public long expectedIntervalNs() {
        long announcedNs = all.announcedNs(slot);
        return announcedNs > 0 ? announcedNs : intervals.plannedNs(slot, all.rules(slot), stalls.lastTurnNs());
    }

    @Override
    public int consecutiveMisses() {
        return all.misses(slot);
    }

    @Override
    public long state(int index) {
        return all.words.get(slot, firstWord + index);
    }

    @Override
    public void state(int index, long value) {
        all.words.set(slot, firstWord + index, value);
    }
}
