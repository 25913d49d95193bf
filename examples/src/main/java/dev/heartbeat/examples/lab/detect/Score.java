package dev.heartbeat.examples.lab.detect;

/**
 * How well a detector did on a trace.
 *
 * @param heartbeats that were sent while it was scored
 * @param detectionMeanNs mean over all of them of the time from a crash right after sending to the suspicion
 * @param detectionP99Ns its 99th percentile; not a number unless asked for
 * @param mistakes transitions from trust to suspicion while the peer lived
 * @param mistakeNs how long they lasted in all
 * @param watchedNs how long it was scored
 */
record Score(
        long heartbeats,
        double detectionMeanNs,
        double detectionP99Ns,
        long mistakes,
        double mistakeNs,
        double watchedNs) {
    double mistakesPerHour() {
        return mistakes / (watchedNs / 3.6e12);
    }

    double mistakeMeanNs() {
        return mistakes == 0 ? 0 : mistakeNs / mistakes;
    }

    double queryAccuracy() {
        return 1 - mistakeNs / watchedNs;
    }
}
