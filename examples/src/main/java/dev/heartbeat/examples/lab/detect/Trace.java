package dev.heartbeat.examples.lab.detect;

/**
 * Heartbeats as one observer saw them: all that were sent, and the fresh arrivals among them in the order in which they
 * came. An arrival is fresh when no later heartbeat came before it; the others are left out.
 *
 * @param name for tables
 * @param periodNs the sender's interval
 * @param sentNs when each was sent, by sequence number from 0
 * @param arrivals sequence numbers of the fresh ones, rising
 * @param arrivalNs when they came
 * @param meanDelayNs over all that came, stale ones too
 */
@SuppressWarnings("ArrayRecordComponent") // carries columns; nobody compares or prints one
record Trace(String name, long periodNs, long[] sentNs, int[] arrivals, long[] arrivalNs, double meanDelayNs) {
    private static final long LOST = Long.MIN_VALUE;

    /** Marks a heartbeat that never came in what {@link #of} takes. */
    static long lost() {
        return LOST;
    }

    /**
     * From raw times.
     *
     * @param periodNs 0: to be estimated
     * @param receivedNs by sequence number; {@link #lost()} for those that never came
     */
    static Trace of(String name, long periodNs, long[] sentNs, long[] receivedNs) {
        int received = 0;
        double delaySum = 0;
        for (int i = 0; i < receivedNs.length; i++) {
            if (receivedNs[i] != LOST) {
                received++;
                delaySum += receivedNs[i] - sentNs[i];
            }
        }
        // A stale one is one before which, in time, a later one came: from the end, keep the running earliest.
        boolean[] fresh = new boolean[receivedNs.length];
        int count = 0;
        long earliestLaterNs = Long.MAX_VALUE;
        for (int i = receivedNs.length - 1; i >= 0; i--) {
            if (receivedNs[i] != LOST && receivedNs[i] <= earliestLaterNs) {
                fresh[i] = true;
                count++;
                earliestLaterNs = receivedNs[i];
            }
        }
        int[] arrivals = new int[count];
        long[] arrivalNs = new long[count];
        int next = 0;
        for (int i = 0; i < receivedNs.length; i++) {
            if (fresh[i]) {
                arrivals[next] = i;
                arrivalNs[next++] = receivedNs[i];
            }
        }
        long period = periodNs > 0 ? periodNs : Period.estimateNs(sentNs);
        return new Trace(name, period, sentNs, arrivals, arrivalNs, received == 0 ? 0 : delaySum / received);
    }
}
