package dev.heartbeat.examples.lab.detect;

import java.util.Arrays;

/**
 * Runs a detector over a trace and scores it after W. Chen, S. Toueg, M. K. Aguilera, "On the quality of service of
 * failure detectors", IEEE Transactions on Computers 51 (2002).
 */
final class Replay {
    private Replay() {}

    static void check(Trace trace, int warmup) {
        if (trace.arrivals().length < warmup + 2L) {
            throw new IllegalArgumentException(trace.name() + ": " + trace.arrivals().length
                    + " fresh arrivals (expected: at least 2 after the warm-up of " + warmup + ")");
        }
    }

    /**
     * Scores all but the first {@code warmup} fresh arrivals.
     *
     * @param percentile whether the 99th percentile is wanted, which takes longer
     */
    static Score score(Trace trace, Contender.Judge judge, int warmup, boolean percentile) {
        int[] arrivals = trace.arrivals();
        long[] arrivalNs = trace.arrivalNs();
        long[] sentNs = trace.sentNs();
        int last = arrivals.length - 1;
        judge.begin(trace);
        for (int i = 0; i < warmup; i++) {
            judge.suspectAtNs(arrivals[i], arrivalNs[i]);
        }
        int firstSent = arrivals[warmup];
        float[] detections = new float[percentile ? sentNs.length - firstSent : 0];
        double detectionSum = 0;
        long mistakes = 0;
        double mistakeNs = 0;
        boolean trusted = true;
        long suspectedNs = 0;
        for (int i = warmup; i <= last; i++) {
            long now = arrivalNs[i];
            long suspectAt = judge.suspectAtNs(arrivals[i], now);

            // Crashes right after sending any of these leave this arrival the last one.
            int nextSent = i < last ? arrivals[i + 1] : sentNs.length;
            for (int j = arrivals[i]; j < nextSent; j++) {
                double detection = Math.max(0, suspectAt - sentNs[j]);
                detectionSum += detection;
                if (percentile) {
                    detections[j - firstSent] = (float) detection;
                }
            }

            if (suspectAt > now && !trusted) {
                mistakeNs += now - suspectedNs;
                trusted = true;
            }
            if (i < last && trusted && suspectAt < arrivalNs[i + 1]) {
                mistakes++;
                trusted = false;
                suspectedNs = Math.max(suspectAt, now);
            }
        }
        if (!trusted) {
            mistakeNs += arrivalNs[last] - suspectedNs;
        }
        long heartbeats = (long) sentNs.length - firstSent;
        return new Score(
                heartbeats,
                detectionSum / heartbeats,
                percentile ? p99(detections) : Double.NaN,
                mistakes,
                mistakeNs,
                arrivalNs[last] - arrivalNs[warmup]);
    }

    private static double p99(float[] detections) {
        Arrays.sort(detections);
        return detections[Math.min(detections.length - 1, (int) (detections.length * 0.99))];
    }
}
