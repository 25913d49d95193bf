package dev.heartbeat.interval.nat;

/**
 * How long before the path forgets a heartbeat has to leave: time for its retries, for outages that are usual here,
 * and for wake-ups that come late.
 *
 * <p>Retries: enough that all of them fail once in a long time, at the share of losses seen. Outages: each time that
 * an unanswered heartbeat was followed by an answered one, or by a fresh connection that worked, the time between is
 * kept; the slack is what costs least when a second of slack costs heartbeats and a lost connection costs
 * {@link #DROP_COST} of them.
 */
final class RetryBudget {
    /** Reconnecting, with its handshakes and what was missed meanwhile, in heartbeats. */
    private static final double DROP_COST = 20;

    private static final long MARGIN_NS = 1_000_000_000L;
    private static final double DAY_NS = 86_400e9;

    /** How often a day all retries may fail together. */
    private static final double ALL_FAIL_A_DAY = 0.01;

    private static final int MIN_RETRIES = 3;
    private static final int MAX_RETRIES = 6;
    private static final int MEMORY = 32;
    private static final int LONGEST_MEMORY_BEATS = 2_000;
    private static final double FORGET = 1 - 1.0 / 400;

    private final long[] spansNs = new long[MEMORY];
    private final long[] spanBeats = new long[MEMORY];
    private int spans;
    private long beats;

    /** Decayed counts; the prior is one loss in twenty. */
    private double asked = 20;

    private double missed = 1;
    private double latenessNs;
    private long retryEveryNs;

    RetryBudget(long retryEveryNs) {
        this.retryEveryNs = retryEveryNs;
    }

    long retryEveryNs() {
        return retryEveryNs;
    }

    /** Retries turned out to follow each other at this distance. */
    void retried(long everyNs) {
        retryEveryNs += (everyNs - retryEveryNs) / 4;
    }

    /** A heartbeat was answered at its first try, or was not. */
    void beat(boolean answered) {
        beats++;
        asked = asked * FORGET + 1;
        missed = missed * FORGET + (answered ? 0 : 1);
        latenessNs *= FORGET;
    }

    /** A heartbeat left later than planned. */
    void late(long lateNs) {
        latenessNs = Math.max(latenessNs, (double) lateNs);
    }

    /** From an unanswered heartbeat to the first sign that the path works. */
    void recovered(long spanNs) {
        spansNs[spans % MEMORY] = spanNs;
        spanBeats[spans % MEMORY] = beats;
        spans++;
    }

    /** The slack that was enough here before. */
    void recall(long slackNs) {
        long leastNs = MAX_RETRIES * retryEveryNs + MARGIN_NS;
        if (slackNs > leastNs) {
            recovered((long) (slackNs / 1.25) - MARGIN_NS);
        }
    }

    private int retries(long idleNs) {
        double share = Math.min(0.9, missed / asked);
        double allFail = ALL_FAIL_A_DAY * idleNs / DAY_NS;
        double retries = Math.ceil(Math.log(allFail) / Math.log(share) - 1);
        return (int) Math.max(MIN_RETRIES, Math.min(MAX_RETRIES, retries));
    }

    /** The slack to keep below an idle time; at most half of it, but for late wake-ups. */
    long slackNs(long idleNs) {
        long leastNs = Math.min(retries(idleNs) * retryEveryNs + MARGIN_NS, idleNs / 2);
        long mostNs = Math.max(leastNs, idleNs / 8);
        long bestNs = leastNs;
        double best = cost(leastNs, idleNs);
        int kept = Math.min(spans, MEMORY);
        for (int i = 0; i < kept; i++) {
            long slackNs = Math.min(mostNs, spansNs[i] + spansNs[i] / 4 + MARGIN_NS);
            double cost = cost(slackNs, idleNs);
            if (slackNs > leastNs && cost < best) {
                bestNs = slackNs;
                best = cost;
            }
        }
        return bestNs + Math.min((long) latenessNs, idleNs / 8);
    }

    private double cost(long slackNs, long idleNs) {
        int kept = Math.min(spans, MEMORY);
        int longer = 0;
        long oldest = spans > MEMORY ? spanBeats[spans % MEMORY] : 0;
        for (int i = 0; i < kept; i++) {
            if (beats - spanBeats[i] < LONGEST_MEMORY_BEATS && spansNs[i] + MARGIN_NS / 2 > slackNs) {
                longer++;
            }
        }
        double window = Math.max(MEMORY, Math.min(LONGEST_MEMORY_BEATS, beats - oldest));
        return (double) slackNs / idleNs + DROP_COST * longer / window;
    }
}
