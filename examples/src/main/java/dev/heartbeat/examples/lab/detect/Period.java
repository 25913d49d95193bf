package dev.heartbeat.examples.lab.detect;

import java.util.Arrays;

/** The sender's interval, as its send times tell it. */
final class Period {
    private Period() {}

    /** The mean; unless the sender paused now and then, when the median says it better. */
    static long estimateNs(long[] sentNs) {
        if (sentNs.length < 2) {
            throw new IllegalArgumentException("a trace needs two heartbeats at least to estimate its period");
        }
        long[] steps = new long[sentNs.length - 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = sentNs[i + 1] - sentNs[i];
        }
        Arrays.sort(steps);
        long median = steps[steps.length / 2];
        double mean = (double) (sentNs[sentNs.length - 1] - sentNs[0]) / steps.length;
        long period = Math.abs(mean - median) <= 0.01 * median ? Math.round(mean) : median;
        if (period <= 0) {
            throw new IllegalArgumentException("the send times do not rise; tell the period with --period");
        }
        return period;
    }
}
