package dev.heartbeat;

import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;

/** What {@link PolicyBuilder} builds. */
record BuiltPolicy(
        IntervalStrategy interval,
        Quiet probeWhen,
        AckTimeout ackTimeout,
        Duration urgentAckTimeout,
        FailureDetector failureDetector,
        double jitter,
        Duration unwrittenDeadline,
        boolean reverseProbe,
        Duration shortestAnnounced,
        Duration longestAnnounced)
        implements HeartbeatPolicy {

    BuiltPolicy(PolicyBuilder from) {
        this(
                from.interval,
                from.probeWhen,
                from.ackTimeout,
                from.urgentAckTimeout,
                from.failureDetector,
                from.jitter,
                from.unwrittenDeadline,
                from.reverseProbe,
                from.shortestAnnounced,
                from.longestAnnounced);
    }
}
