package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/**
 * The built-in failure detectors.
 *
 * <p><b>Threading:</b> everything here is immutable and safe for several threads.
 */
public final class FailureDetectors {
    private FailureDetectors() {}

    /**
     * Dead when {@code misses} probes in a row stayed unanswered; suspect from the first one. BFD's <em>detect
     * multiplier</em> (RFC 5880, section 6.8.4).
     *
     * @param misses from 1 to 255
     * @return the detector
     * @throws IllegalArgumentException if {@code misses} is out of range
     */
    public static FailureDetector consecutiveMisses(int misses) {
        return new ConsecutiveMisses(Checks.inRange("misses", misses, 1, 255));
    }

    /**
     * Dead after a fixed silence.
     *
     * @param limit greater than 0
     * @return the detector
     * @throws IllegalArgumentException if {@code limit} is not greater than 0
     */
    public static FailureDetector silence(Duration limit) {
        return SilenceDeadline.of(Checks.positiveNs("limit", limit));
    }

    /**
     * Dead after a silence of some expected intervals: what the peer announced, otherwise what the policy tells. MQTT's
     * rule is 1.5 (MQTT 5.0, section 3.1.2.10), AMQP's is 2.
     *
     * @param intervals from 1 to 1000; 1 leaves no room for any delay
     * @return the detector
     * @throws IllegalArgumentException if {@code intervals} is out of range
     */
    public static FailureDetector silence(double intervals) {
        return SilenceDeadline.of(Checks.inRange("intervals", intervals, 1.0, 1000.0));
    }
}
