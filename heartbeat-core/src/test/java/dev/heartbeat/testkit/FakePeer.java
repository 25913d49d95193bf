package dev.heartbeat.testkit;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.detect.Verdict;

/**
 * A connection as a failure detector sees it, for tests: set what it should look like, or let {@link #heard} and
 * {@link #missed} do what the monitor would do.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class FakePeer implements Peer {
    private final long[] words;
    private long lastReceivedNs;
    private long expectedIntervalNs;
    private long stalledNs;
    private int consecutiveMisses;

    /**
     * A peer with as many words as the detector wants, just opened.
     *
     * @param detector told of the opening
     * @param expectedIntervalNs greater than 0
     * @param openedNs any instant
     */
    public FakePeer(FailureDetector detector, long expectedIntervalNs, long openedNs) {
        this(detector.stateLongs(), expectedIntervalNs, openedNs);
        detector.onOpened(this, openedNs);
    }

    /**
     * A peer with some words, just opened.
     *
     * @param words at least 0
     * @param expectedIntervalNs greater than 0
     * @param openedNs any instant
     */
    public FakePeer(int words, long expectedIntervalNs, long openedNs) {
        this.words = new long[words];
        this.expectedIntervalNs = expectedIntervalNs;
        this.lastReceivedNs = openedNs;
    }

    /**
     * Something arrived that is no heartbeat.
     *
     * @param nowNs when
     */
    public void received(long nowNs) {
        lastReceivedNs = nowNs;
        stalledNs = 0;
        consecutiveMisses = 0;
    }

    /**
     * A heartbeat without a number arrived.
     *
     * @param detector told of it
     * @param nowNs when
     */
    public void heard(FailureDetector detector, long nowNs) {
        received(nowNs);
        detector.onHeartbeat(this, nowNs);
    }

    /**
     * A numbered heartbeat arrived.
     *
     * @param detector told of it
     * @param sequence its number
     * @param nowNs when
     */
    public void heard(FailureDetector detector, long sequence, long nowNs) {
        received(nowNs);
        detector.onHeartbeat(this, sequence, nowNs);
    }

    /**
     * A probe was answered in time.
     *
     * @param detector told of it, as heartbeat and as ack
     * @param roundTripNs at least 0
     * @param nowNs when
     */
    public void acked(FailureDetector detector, long roundTripNs, long nowNs) {
        heard(detector, nowNs);
        detector.onAck(this, roundTripNs, nowNs);
    }

    /**
     * A probe was answered after it had been counted as a miss.
     *
     * @param detector told of it, as heartbeat and as late ack
     * @param nowNs when
     */
    public void ackedLate(FailureDetector detector, long nowNs) {
        heard(detector, nowNs);
        detector.onLateAck(this, nowNs);
    }

    /**
     * A probe stayed unanswered.
     *
     * @param detector asked for its verdict
     * @param nowNs when
     * @return what it says
     */
    public Verdict missed(FailureDetector detector, long nowNs) {
        consecutiveMisses++;
        return detector.onMiss(this, nowNs);
    }

    /**
     * We ourselves did not run for a while, and that is no silence of the peer.
     *
     * @param lengthNs at least 0
     */
    public void stalled(long lengthNs) {
        stalledNs += lengthNs;
    }

    /**
     * The peer announces another interval.
     *
     * @param intervalNs greater than 0
     */
    public void expectedIntervalNs(long intervalNs) {
        expectedIntervalNs = intervalNs;
    }

    @Override
    public long lastReceivedNs() {
        return lastReceivedNs;
    }

    @Override
    public long silenceNs(long nowNs) {
        return Math.max(0, nowNs - lastReceivedNs - stalledNs);
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
        words[index] = value;
    }
}
