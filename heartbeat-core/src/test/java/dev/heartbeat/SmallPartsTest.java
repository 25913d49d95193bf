package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** {@link DeathCause}, {@link Heartbeat}, {@link MonitorBuilder}, {@link Stamps} and {@link WordColumn}. */
class SmallPartsTest {
    @Test
    void deathCause_tellsItsNumbers() {
        DeathCause cause = new DeathCause(
                DeathCause.Kind.PEER_SILENT, 61_000_000_000L, 3, 12_000_000L, () -> "consecutiveMisses(3)");
        assertEquals(
                "PEER_SILENT after PT1M1S of silence, 3 consecutive misses, last round trip PT0.012S"
                        + " (consecutiveMisses(3))",
                cause.toString());
        assertEquals(Duration.ofSeconds(61), cause.silence());
        assertEquals(3, cause.consecutiveMisses());
        assertEquals(Optional.of(Duration.ofMillis(12)), cause.lastRoundTrip());
        assertEquals("consecutiveMisses(3)", cause.detail());
    }

    @Test
    void deathCause_withoutRoundTripOrDetail_leavesThemOut() {
        DeathCause cause = new DeathCause(DeathCause.Kind.TRANSPORT_ERROR, 0, 0, -1, () -> "");
        assertEquals("TRANSPORT_ERROR after PT0S of silence, 0 consecutive misses", cause.toString());
        assertEquals(Optional.empty(), cause.lastRoundTrip());
    }

    @Test
    void heartbeat_doesWhatItsMonitorDoes() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        Heartbeat heartbeat = bench.monitor.heartbeat(handle);
        assertEquals(handle, heartbeat.handle());
        assertEquals(Liveness.ALIVE, heartbeat.liveness());
        bench.run(Duration.ofSeconds(29));
        heartbeat.sent(bench.now());
        heartbeat.received(bench.now());
        bench.run(Duration.ofSeconds(2));
        assertEquals(0, bench.count(Bench.What.PROBE));
        heartbeat.probeNow(bench.now());
        assertEquals(1, heartbeat.statistics(bench.now()).probes());
        heartbeat.phase(Phase.BACKGROUND, bench.now());
        heartbeat.phase(Phase.FOREGROUND, bench.now());
        assertEquals(2, heartbeat.statistics(bench.now()).probes());
        heartbeat.policy(HeartbeatPolicy.server(), bench.now());
        heartbeat.close();
        assertEquals(Liveness.CLOSED, heartbeat.liveness());
        assertThrows(IllegalArgumentException.class, () -> heartbeat.statistics(bench.now()));
    }

    @Test
    void heartbeats_ofOneHandleAndMonitor_areEqual() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        assertEquals(bench.monitor.heartbeat(handle), bench.monitor.heartbeat(handle));
        assertEquals(
                bench.monitor.heartbeat(handle).hashCode(),
                bench.monitor.heartbeat(handle).hashCode());
        assertNotEquals(bench.monitor.heartbeat(handle), bench.monitor.heartbeat(handle + 1));
        assertNotEquals(bench.monitor.heartbeat(handle), new Bench(0).monitor.heartbeat(handle));
        assertEquals("Heartbeat 100000000", bench.monitor.heartbeat(handle).toString());
    }

    @Test
    void monitorBuilder_refusesWhatIsOutOfRange() {
        MonitorBuilder builder = HeartbeatMonitor.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.capacity(0));
        assertThrows(IllegalArgumentException.class, () -> builder.capacity((1 << 28) + 1));
        assertThrows(IllegalArgumentException.class, () -> builder.tick(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.tick(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThrows(IllegalArgumentException.class, () -> builder.stallTolerance(Duration.ZERO));
        assertThrows(NullPointerException.class, () -> builder.tick(null));
        assertThrows(NullPointerException.class, () -> builder.stallTolerance(null));
        assertThrows(NullPointerException.class, () -> builder.build(null, 0));
        builder.capacity(1).capacity(1 << 28);
    }

    @Test
    void notCountingPerConnection_countsNothingThere() {
        Bench bench = new Bench(0, builder -> builder.countPerConnection(false));
        long handle = bench.open(HeartbeatPolicy.client());
        bench.answerAfterNs = 1000;
        bench.run(Duration.ofSeconds(31));
        ConnectionStatistics statistics = bench.monitor.statistics(handle, bench.now());
        assertEquals(0, statistics.acks());
        assertEquals(Optional.empty(), statistics.lastRoundTrip());
        assertEquals(1, bench.monitor.statistics().acks());
    }

    @Test
    void generations_goRoundWithoutTheHandleZero() {
        assertEquals(2, Stamps.generationAfter(1));
        assertEquals(Integer.MAX_VALUE, Stamps.generationAfter(Integer.MAX_VALUE - 1));
        assertEquals(1, Stamps.generationAfter(Integer.MAX_VALUE));
        assertEquals(8, Stamps.generationAfter(7 | Integer.MIN_VALUE)); // someone looked closer
        assertEquals(1, Stamps.generationAfter(-1));
    }

    @Test
    void probeStamp_upToAMinuteAhead_isToldFromAnOldOne() {
        long second = 1_000_000_000L;
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build((handle, cause) -> {}, 0);
        int slot = (int) monitor.open(new Bench(0), HeartbeatPolicy.client(), 0);
        for (long aheadNs : new long[] {second / 5, 60 * second}) {
            monitor.all.stampProbe(slot, 100 * second + aheadNs);
            assertEquals(-aheadNs, monitor.all.sinceProbeNs(slot, 100 * second), 4096);
        }
        monitor.all.stampProbe(slot, 0);
        assertEquals(3 * 86_400 * second, monitor.all.sinceProbeNs(slot, 3 * 86_400 * second), 4096);
    }

    @Property(tries = 200)
    void wordColumn_keepsEachConnectionsWordsApart(
            @ForAll @IntRange(min = 1, max = 40) int rounds, @ForAll Random random) {
        WordColumn words = new WordColumn();
        Map<Integer, long[]> model = new HashMap<>();
        int capacity = 4;
        for (int i = 0; i < rounds; i++) {
            capacity += random.nextInt(3);
            int slot = random.nextInt(capacity);
            long[] its = new long[random.nextInt(3) == 0 ? 5 + random.nextInt(20) : random.nextInt(5)];
            words.open(slot, its.length, capacity);
            model.put(slot, its);
            model.forEach((at, expected) -> {
                for (int index = 0; index < expected.length; index++) {
                    assertEquals(expected[index], words.get(at, index));
                    expected[index] = random.nextLong();
                    words.set(at, index, expected[index]);
                }
            });
            if (random.nextInt(4) == 0) {
                words.clear(slot);
                model.remove(slot);
            }
        }
        assertTrue(capacity > 0);
    }
}
