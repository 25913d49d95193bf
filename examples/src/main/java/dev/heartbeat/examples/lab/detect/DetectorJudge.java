package dev.heartbeat.examples.lab.detect;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Peer;
import java.util.Arrays;

/** One of the library's detectors watching one peer, just as the monitor would let it. */
final class DetectorJudge implements Contender.Judge, Peer {
    private final FailureDetector detector;
    private final long[] words;
    private long intervalNs;
    private long lastReceivedNs;

    DetectorJudge(FailureDetector detector) {
        this.detector = detector;
        this.words = new long[detector.stateLongs()];
    }

    @Override
    public void begin(Trace trace) {
        intervalNs = trace.periodNs();
        lastReceivedNs = 0;
        Arrays.fill(words, 0);
        detector.onOpened(this, 0);
    }

    @Override
    public long suspectAtNs(int sequence, long arrivalNs) {
        lastReceivedNs = arrivalNs;
        detector.onHeartbeat(this, sequence, arrivalNs);
        return arrivalNs + detector.suspectAfterNs(this);
    }

    @Override
    public long lastReceivedNs() {
        return lastReceivedNs;
    }

    @Override
    public long silenceNs(long nowNs) {
        return Math.max(0, nowNs - lastReceivedNs);
    }

    @Override
    public long expectedIntervalNs() {
        return intervalNs;
    }

    @Override
    public int consecutiveMisses() {
        return 0;
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
