package dev.heartbeat;

import dev.heartbeat.testkit.HeartbeatPolicyContract;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

class PresetPoliciesTest {
    @Nested
    class Client extends HeartbeatPolicyContract {
        @Override
        protected HeartbeatPolicy policy() {
            return HeartbeatPolicy.client();
        }

        @Override
        protected Duration longestInterval() {
            return Duration.ofSeconds(30);
        }

        @Override
        protected Duration longestDetection() {
            return Duration.ofSeconds(60);
        }
    }

    @Nested
    class Server extends HeartbeatPolicyContract {
        @Override
        protected HeartbeatPolicy policy() {
            return HeartbeatPolicy.server();
        }

        @Override
        protected Duration longestInterval() {
            return Duration.ofSeconds(30);
        }

        @Override
        protected Duration longestDetection() {
            return Duration.ofSeconds(55);
        }
    }

    /** An implementation of one's own, with a lambda for a strategy: everything else is as for the client. */
    @Nested
    class Own extends HeartbeatPolicyContract {
        @Override
        protected HeartbeatPolicy policy() {
            return new HeartbeatPolicy() {
                @Override
                public dev.heartbeat.interval.IntervalStrategy interval() {
                    return (link, nowNs) -> Duration.ofSeconds(20).toNanos();
                }
            };
        }

        @Override
        protected Duration longestInterval() {
            return Duration.ofSeconds(20);
        }

        @Override
        protected Duration longestDetection() {
            return Duration.ofSeconds(50);
        }
    }
}
