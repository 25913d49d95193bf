package dev.heartbeat.interval.nat;

/** The longest idle time that is proven and the shortest that failed, where there are such. */
final class Bracket {
    private boolean hasProven;
    private long provenNs;
    private boolean hasFailed;
    private long failedNs;

    boolean hasProven() {
        return hasProven;
    }

    /** 0 if none is. */
    long provenNs() {
        return hasProven ? provenNs : 0;
    }

    boolean hasFailed() {
        return hasFailed;
    }

    /** 0 if none has. */
    long failedNs() {
        return hasFailed ? failedNs : 0;
    }

    /** The end of the search: what failed, or the given bound if nothing has. */
    long failedOr(long boundNs) {
        return hasFailed ? failedNs : boundNs;
    }

    /** Proof overrules a failure that was no longer. */
    void prove(long idleNs) {
        if (!hasProven || idleNs > provenNs) {
            hasProven = true;
            provenNs = idleNs;
        }
        if (hasFailed && failedNs <= provenNs) {
            hasFailed = false;
        }
    }

    void fail(long idleNs) {
        failedNs = hasFailed ? Math.min(failedNs, idleNs) : idleNs;
        hasFailed = true;
    }

    void forgetProof() {
        hasProven = false;
    }

    void clear() {
        hasProven = false;
        hasFailed = false;
    }

    void copy(Bracket from) {
        hasProven = from.hasProven;
        provenNs = from.provenNs;
        hasFailed = from.hasFailed;
        failedNs = from.failedNs;
    }
}
