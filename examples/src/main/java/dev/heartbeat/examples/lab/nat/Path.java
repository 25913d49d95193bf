package dev.heartbeat.examples.lab.nat;

import java.util.Arrays;
import java.util.SplittableRandom;

/** One run's path: a scenario with its dice. */
final class Path {
    static final long RECONNECT_NS = 2 * Scenario.SECOND;
    static final long ROUND_TRIP_NS = Scenario.SECOND / 10;

    private final Scenario scenario;
    private final long[] outages;
    private final SplittableRandom random;

    Path(Scenario scenario, long seed, long stream) {
        this.scenario = scenario;
        this.outages = scenario.drawOutages(seed);
        this.random = new SplittableRandom(seed * 1_000_003 + stream);
    }

    Scenario scenario() {
        return scenario;
    }

    boolean isOut(long nowNs) {
        return outageEndNs(nowNs) > nowNs;
    }

    /** When the outage ends that holds now; now if there is none. */
    long outageEndNs(long nowNs) {
        int at = Arrays.binarySearch(outages, nowNs);
        int next = at >= 0 ? at + 1 : -at - 1;
        return next < outages.length && next % 2 == 1 ? outages[next] : nowNs;
    }

    /** Whether this message stays unanswered although the path is there. */
    boolean isLost() {
        return scenario.loss() > 0 && random.nextDouble() < scenario.loss();
    }

    /** Whether a message that stays unanswered did leave through the NAT. */
    boolean passedOutward() {
        return random.nextBoolean();
    }

    long timeoutNs(long nowNs) {
        return scenario.timeoutNs(nowNs);
    }

    /** When a reconnect that begins now is done. */
    long reconnectedNs(long nowNs) {
        return outageEndNs(nowNs) + RECONNECT_NS;
    }
}
