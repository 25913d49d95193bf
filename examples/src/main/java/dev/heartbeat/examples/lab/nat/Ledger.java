package dev.heartbeat.examples.lab.nat;

/** Counts what happens to the main connection. */
final class Ledger {
    private final Scenario scenario;
    private long natDrops;
    private long falseDrops;
    private long unreachableNs;
    private long messages;
    private long probesUntilStable;
    private long stableNs = -1;

    Ledger(Scenario scenario) {
        this.scenario = scenario;
    }

    void message() {
        messages++;
    }

    void messages(long count) {
        messages += count;
    }

    /** The connection was given up: after its mapping had expired, or for nothing. */
    void dropped(boolean expired, long expiredAtNs, long noticedAtNs) {
        if (expired) {
            natDrops++;
            unreachableNs += Math.max(0, noticedAtNs - expiredAtNs) + Path.RECONNECT_NS;
        } else {
            falseDrops++;
        }
    }

    /** The first time that the search has ended, after the change if there is one. */
    void stable(long nowNs, long probes) {
        if (stableNs < 0 && nowNs >= scenario.searchedFromNs()) {
            stableNs = nowNs - scenario.searchedFromNs();
            probesUntilStable = probes;
        }
    }

    boolean isStable() {
        return stableNs >= 0;
    }

    /** Not stable after all. */
    void unstable() {
        stableNs = -1;
    }

    Outcome close(String algorithm, long seed, long estimateNs, long intervalNs, long probes) {
        double days = (double) scenario.durationNs() / Scenario.DAY;
        return new Outcome(
                algorithm,
                scenario,
                seed,
                natDrops / days,
                falseDrops / days,
                (double) unreachableNs / scenario.durationNs(),
                estimateNs / 1e9,
                intervalNs / 1e9,
                stableNs >= 0 && probesUntilStable > 0 ? probesUntilStable : probes,
                stableNs >= 0 ? (double) stableNs / Scenario.HOUR : Outcome.NEVER,
                messages / days,
                scenario.idealMessagesPerDay());
    }
}
