package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.testkit.ClockOrigins;
import dev.heartbeat.testkit.MonitorHarness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeartbeatMonitorTest {
    static long[] origins() {
        return ClockOrigins.all();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void client_neverAnswered_diesAfterThreeMisses(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(HeartbeatPolicy.client());

        harness.run(Duration.ofSeconds(60).minusNanos(1));
        assertEquals(Liveness.SUSPECT, harness.monitor().liveness(handle));
        assertEquals(3, harness.probes().size());

        harness.run(Duration.ofMillis(4));
        assertEquals(Liveness.CLOSED, harness.monitor().liveness(handle));
        assertEquals(List.of(handle), harness.closed());
        assertEquals(1, harness.listener().count("dead"));
        assertEquals(3, harness.listener().causes().get(0).consecutiveMisses());
        assertEquals(
                Long.MAX_VALUE,
                harness.monitor().delayUntilNextNs(harness.clock().nanoTime()));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void client_answered_staysAliveAndProbesEveryInterval(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(HeartbeatPolicy.client());
        harness.run(Duration.ofMillis(20));
        for (int i = 0; i < 10; i++) {
            harness.run(Duration.ofSeconds(30));
            harness.ack();
        }
        assertEquals(Liveness.ALIVE, harness.monitor().liveness(handle));
        assertEquals(10, harness.probes().size());
        assertEquals(10, harness.listener().count("ack"));
        ConnectionStatistics statistics =
                harness.monitor().statistics(handle, harness.clock().nanoTime());
        assertEquals(10, statistics.acks());
        assertTrue(statistics.lastRoundTrip().orElseThrow().toMillis() <= 21);
    }

    @ParameterizedTest
    @MethodSource("origins")
    void server_silentPeer_getsOneReverseProbeThenDies(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(HeartbeatPolicy.server());
        harness.run(Duration.ofSeconds(45).minusNanos(1));
        assertEquals(Liveness.ALIVE, harness.monitor().liveness(handle));
        assertEquals(0, harness.probes().size());
        harness.run(Duration.ofMillis(2));
        assertEquals(Liveness.SUSPECT, harness.monitor().liveness(handle));
        assertEquals(1, harness.probes().size());
        harness.run(Duration.ofSeconds(10).minusMillis(2));
        assertEquals(Liveness.SUSPECT, harness.monitor().liveness(handle));
        harness.run(Duration.ofMillis(4));
        assertEquals(Liveness.CLOSED, harness.monitor().liveness(handle));
        assertEquals(1, harness.probes().size());
        assertEquals(
                DeathCause.Kind.PEER_SILENT, harness.listener().causes().get(0).kind());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void stalledHost_blamesNobody(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(HeartbeatPolicy.server());
        harness.run(Duration.ofSeconds(40));
        harness.clock().advance(Duration.ofSeconds(600));
        harness.monitor().poll(harness.clock().nanoTime(), 100);
        assertEquals(Liveness.ALIVE, harness.monitor().liveness(handle));
        assertEquals(1, harness.listener().count("stall"));
        harness.run(Duration.ofSeconds(5).minusNanos(1));
        assertEquals(Liveness.ALIVE, harness.monitor().liveness(handle));
        harness.run(Duration.ofSeconds(10).plusMillis(4));
        assertEquals(Liveness.CLOSED, harness.monitor().liveness(handle));
    }
}
