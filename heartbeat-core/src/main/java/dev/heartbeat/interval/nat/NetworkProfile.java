package dev.heartbeat.interval.nat;

import dev.heartbeat.internal.Checks;

/**
 * What was learned about one path: the longest silence it carried, the shortest that it did not, and how sure that is.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param provenNs the longest proven idle time in nanoseconds, greater than 0
 * @param failedNs the shortest idle time that failed in nanoseconds, greater than {@code provenNs}; 0 if none has
 * @param slackNs the slack that was kept below it in nanoseconds, 0 or more
 * @param confidence how often the proven idle time has been confirmed, 0 or more
 * @param savedAtMs when, in milliseconds of wall-clock time since 1970
 */
public record NetworkProfile(long provenNs, long failedNs, long slackNs, int confidence, long savedAtMs) {
    /**
     * Checks the numbers.
     *
     * @param provenNs from 1 to half the range of a {@code long}
     * @param failedNs 0, or greater than {@code provenNs}
     * @param slackNs 0 or more
     * @param confidence 0 or more
     * @param savedAtMs any
     * @throws IllegalArgumentException if one is out of its range
     */
    public NetworkProfile {
        Checks.inRange("provenNs", provenNs, 1, Checks.MAX_NS);
        Checks.require(failedNs == 0 || failedNs > provenNs, "failedNs", failedNs, "0, or > provenNs " + provenNs);
        Checks.inRange("failedNs", failedNs, 0, Checks.MAX_NS);
        Checks.inRange("slackNs", slackNs, 0, Checks.MAX_NS);
        Checks.inRange("confidence", confidence, 0, Integer.MAX_VALUE);
    }

    /**
     * Whether an idle time is known to fail.
     *
     * @return true if {@link #failedNs()} is one
     */
    public boolean hasFailed() {
        return failedNs != 0;
    }
}
