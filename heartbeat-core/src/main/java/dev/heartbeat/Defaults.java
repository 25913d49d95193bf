package dev.heartbeat;

import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;

/** What a policy says where its author says nothing, and the two presets. */
final class Defaults {
    static final IntervalStrategy INTERVAL = IntervalStrategy.fixed(Duration.ofSeconds(30));
    static final AckTimeout ACK_TIMEOUT = AckTimeout.fixed(Duration.ofSeconds(10));
    static final Duration URGENT_ACK_TIMEOUT = Duration.ofSeconds(3);
    static final FailureDetector FAILURE_DETECTOR = FailureDetectors.consecutiveMisses(3);
    static final Duration UNWRITTEN_DEADLINE = Duration.ofSeconds(30);
    static final Duration SHORTEST_ANNOUNCED = Duration.ofSeconds(1);
    static final Duration LONGEST_ANNOUNCED = Duration.ofHours(1);

    // Last: building them reads the values above.
    static final HeartbeatPolicy CLIENT = HeartbeatPolicy.builder().build();
    static final HeartbeatPolicy SERVER = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(1.5))
            .reverseProbe(true)
            .build();

    private Defaults() {}
}
