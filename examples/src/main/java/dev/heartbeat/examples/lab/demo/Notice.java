package dev.heartbeat.examples.lab.demo;

/**
 * One side's noticing of one fault, beside what its policy promises. Lengths are from the fault on, in nanoseconds.
 *
 * @param fault what was to be noticed
 * @param byServer or by the client
 * @param outcome how it came out
 * @param noticedNs after how long; 0 if never
 * @param earliestNs a length: noticing sooner breaks the promise; may be negative, if nothing had been said before
 * @param promisedNs the latest that the policy promises on a host that is never late
 * @param latestNs that, and what this host was late
 * @param cause what the side took it for
 */
record Notice(
        Fault fault,
        boolean byServer,
        Outcome outcome,
        long noticedNs,
        long earliestNs,
        long promisedNs,
        long latestNs,
        String cause) {
    enum Outcome {
        HELD,
        EARLY,
        LATE,
        MISSED
    }

    static Notice of(
            Fault fault,
            boolean byServer,
            long noticedNs,
            long earliestNs,
            long promisedNs,
            long latestNs,
            String cause) {
        Outcome outcome =
                noticedNs - earliestNs < 0 ? Outcome.EARLY : noticedNs - latestNs > 0 ? Outcome.LATE : Outcome.HELD;
        return new Notice(fault, byServer, outcome, noticedNs, earliestNs, promisedNs, latestNs, cause);
    }

    static Notice never(Fault fault, boolean byServer, long earliestNs, long promisedNs, long latestNs) {
        return new Notice(fault, byServer, Outcome.MISSED, 0, earliestNs, promisedNs, latestNs, "");
    }
}
