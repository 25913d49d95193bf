package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.Bench.What;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A host that turns when it was told to has not stalled, whatever it changed since the last turn. */
class PlannedTurnTest {
    static long[] origins() {
        return Bench.origins();
    }

    private static HeartbeatPolicy listening(long seconds) {
        return HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofSeconds(seconds)))
                .build();
    }

    private static Bench withTheUsualTick(long originNs) {
        return new Bench(originNs, builder -> builder.tick(Duration.ofMillis(16)));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void shorterAnnouncement_afterALongSleep_isNoStall(long originNs) {
        Bench bench = new Bench(originNs);
        bench.answerAfterNs = 10 * MS;
        long handle = bench.open(HeartbeatPolicy.builder()
                .interval(IntervalStrategy.announced(Duration.ofSeconds(30)))
                .build());
        bench.poll();
        bench.at(20 * SECOND, () -> {
            bench.heard(handle);
            bench.monitor.announced(handle, 5 * SECOND, bench.now());
        });
        bench.run(Duration.ofSeconds(25));
        assertEquals(List.of(), bench.all(What.STALL));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void shorterPolicy_afterALongSleep_isNoStall_andOthersDieInTime(long originNs) {
        Bench bench = new Bench(originNs);
        long one = bench.open(listening(60));
        long another = bench.open(listening(60));
        bench.poll();
        bench.at(50 * SECOND, () -> bench.monitor.policy(one, listening(10), bench.now()));
        bench.run(Duration.ofSeconds(61));
        assertEquals(List.of(), bench.all(What.STALL));
        assertEquals(
                List.of(one, another),
                bench.all(What.DEAD).stream().map(Bench.Event::handle).toList());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void urgentProbe_afterALongSleep_isNoStall_andOthersDieInTime(long originNs) {
        for (int i = 0; i < 40; i++) { // wherever it falls into what the wheel looks at together
            Bench bench = withTheUsualTick(originNs);
            bench.answerAfterNs = 10 * MS;
            long handle = bench.open(
                    HeartbeatPolicy.builder().interval(Duration.ofMinutes(10)).build());
            bench.open(listening(530));
            bench.poll();
            bench.at(480 * SECOND + i * 100 * MS, () -> {
                bench.monitor.networkChanged(handle, bench.now());
                bench.poll();
            });
            bench.run(Duration.ofSeconds(531));
            assertEquals(List.of(), bench.all(What.STALL), "round " + i);
            assertEquals(1, bench.count(What.DEAD), "round " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("origins")
    void firstConnection_afterNobodyWasWatched_isNoStall(long originNs) {
        for (int i = 0; i < 60; i++) {
            Bench bench = withTheUsualTick(originNs);
            bench.poll();
            assertEquals(Long.MAX_VALUE, bench.monitor.delayUntilNextNs(bench.now()));
            bench.stall(600 * SECOND + i * 100 * MS);
            bench.open(listening(3));
            bench.poll();
            assertEquals(List.of(), bench.all(What.STALL), "round " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("origins")
    void nextConnection_afterTheLastWasClosed_isNoStall(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(HeartbeatPolicy.server());
        bench.run(Duration.ofSeconds(1));
        bench.poll();
        bench.monitor.close(handle);
        assertEquals(Long.MAX_VALUE, bench.monitor.delayUntilNextNs(bench.now()));
        bench.stall(600 * SECOND);
        bench.open(HeartbeatPolicy.server());
        bench.poll();
        assertEquals(List.of(), bench.all(What.STALL));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void whatWasPlanned_andIsGone_makesNobodyLate(long originNs) {
        Bench bench = new Bench(originNs);
        bench.open(listening(60));
        List<Long> those = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            those.add(bench.open(listening(i < 1_000 ? 10 : 70)));
        }
        bench.poll();
        those.forEach(bench.monitor::close); // so many that the wheel drops what it held for the first of them
        assertTrue(bench.monitor.delayUntilNextNs(bench.now()) > 50 * SECOND);
        bench.run(Duration.ofSeconds(61));
        assertEquals(List.of(), bench.all(What.STALL));
        assertEquals(1, bench.count(What.DEAD));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void turn_thatIsReallyLate_isAStallStill(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(listening(60));
        bench.poll();
        bench.stall(50 * SECOND);
        bench.monitor.policy(handle, listening(55), bench.now()); // due at 55 s
        bench.stall(15 * SECOND);
        bench.poll();
        assertEquals(65 * SECOND, bench.last(What.STALL).value());
        assertEquals(0, bench.count(What.DEAD));
    }
}
