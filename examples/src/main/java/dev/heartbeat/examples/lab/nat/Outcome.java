package dev.heartbeat.examples.lab.nat;

/** What one algorithm did in one run. */
record Outcome(
        String algorithm,
        Scenario scenario,
        long seed,
        double natDropsPerDay,
        double falseDropsPerDay,
        double unreachableShare,
        double estimateS,
        double intervalS,
        long probes,
        double stableAfterH,
        double messagesPerDay,
        double idealMessagesPerDay) {

    /** {@link #stableAfterH} of a run that never became stable. */
    static final double NEVER = Double.NaN;

    double timeoutS() {
        return scenario.timeoutNs() / 1e9;
    }

    double days() {
        return (double) scenario.durationNs() / Scenario.DAY;
    }
}
