package dev.heartbeat.examples.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.testkit.HeartbeatPolicyContract;
import dev.heartbeat.testkit.MonitorHarness;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** The whole contract, and the night, in twenty lines. */
class QuietAtNightTest extends HeartbeatPolicyContract {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant MIDNIGHT = Instant.parse("2026-06-02T00:00:00Z");

    @Override
    protected HeartbeatPolicy policy() {
        return new QuietAtNight(Duration.ofSeconds(30), Clock.fixed(MIDNIGHT, ZoneOffset.UTC));
    }

    @Override
    protected Duration longestInterval() {
        return Duration.ofSeconds(60);
    }

    @Override
    protected Duration longestDetection() {
        return Duration.ofSeconds(90);
    }

    @Test
    void night_halvesTheProbes() {
        assertEquals(2 * probesInAnHour(MIDNIGHT), probesInAnHour(NOON));
    }

    @Test
    void watch_showsTheNight() {
        int[] probes = new NightWatch().day();
        assertEquals(60, probes[3], 1);
        assertEquals(120, probes[12], 1);
    }

    private static int probesInAnHour(Instant wallTime) {
        MonitorHarness harness = new MonitorHarness(0);
        harness.open(new QuietAtNight(Duration.ofSeconds(30), Clock.fixed(wallTime, ZoneOffset.UTC)));
        for (int second = 0; second < 3600; second++) {
            int before = harness.probes().size();
            harness.run(Duration.ofSeconds(1));
            if (harness.probes().size() > before) {
                harness.ack();
            }
        }
        return harness.probes().size();
    }
}
