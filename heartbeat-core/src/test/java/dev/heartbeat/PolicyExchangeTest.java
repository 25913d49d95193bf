package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.Bench.What;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another policy for a connection that is open: what holds, from when on, and who is told. */
class PolicyExchangeTest {
    private static final HeartbeatPolicy TEN_SECONDS = HeartbeatPolicy.builder()
            .interval(Duration.ofSeconds(10))
            .ackTimeout(Duration.ofSeconds(5))
            .build();

    static long[] origins() {
        return Bench.origins();
    }

    /** A strategy that writes down what it is told, and may throw at the door. */
    private static final class Diary implements IntervalStrategy {
        final List<String> told = new ArrayList<>();
        boolean throwing;

        @Override
        public long intervalNs(Link link, long nowNs) {
            return 30 * SECOND;
        }

        @Override
        public void onOpened(Link link, long nowNs) {
            told.add("opened");
            if (throwing) {
                throw new IllegalStateException("at the door");
            }
        }

        @Override
        public void onClosed(Link link, boolean peerLost, long nowNs) {
            told.add("closed");
        }
    }

    private static HeartbeatPolicy listening(IntervalStrategy interval) {
        return HeartbeatPolicy.builder()
                .interval(interval)
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofSeconds(10)))
                .build();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void longerInterval_whileAProbeIsOut_isAnnouncedBeforeTheOldOneHasPassed(long originNs) {
        HeartbeatPolicy minute =
                HeartbeatPolicy.builder().interval(Duration.ofSeconds(60)).build();
        Bench bench = new Bench(originNs);
        bench.answerAfterNs = SECOND;
        long handle = bench.open(TEN_SECONDS);
        bench.at(10 * SECOND + 500 * MS, () -> bench.monitor.policy(handle, minute, bench.now()));
        bench.run(Duration.ofSeconds(25)); // the peer listens for 1.5 x 10 s after the probe of 10 s
        assertEquals(2, bench.count(What.PROBE));
        bench.run(Duration.ofSeconds(50)); // and then goes by the minute
        assertEquals(2, bench.count(What.PROBE));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void ackTimeout_thatIsLongerThanTheOldInterval_keepsNoProbeBack(long originNs) {
        HeartbeatPolicy fiveSeconds = HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(5))
                .ackTimeout(Duration.ofSeconds(2))
                .build();
        HeartbeatPolicy minute = HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(60))
                .ackTimeout(Duration.ofSeconds(30))
                .build();
        Bench bench = new Bench(originNs);
        bench.answerAfterNs = SECOND;
        long handle = bench.open(fiveSeconds);
        bench.at(5 * SECOND + 500 * MS, () -> bench.monitor.policy(handle, minute, bench.now()));
        bench.run(Duration.ofSeconds(10).plusMillis(2)); // the peer listens for 7.5 s after the probe of 5 s
        assertEquals(2, bench.count(What.PROBE));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void longerPlan_ofTheStrategyThatIsExchangedFor_countsFromTheNextProbeOn(long originNs) {
        HeartbeatPolicy phased = HeartbeatPolicy.builder()
                .interval(IntervalStrategy.phased(Duration.ofSeconds(10), Duration.ofSeconds(60)))
                .build();
        Bench bench = new Bench(originNs);
        bench.answerAfterNs = 50 * MS;
        long handle = bench.open(TEN_SECONDS);
        bench.run(Duration.ofSeconds(11)); // a probe at 10 s has announced 10 s
        bench.monitor.policy(handle, phased, bench.now());
        bench.monitor.phase(handle, Phase.BACKGROUND, bench.now());
        bench.run(Duration.ofSeconds(14));
        assertEquals(2, bench.count(What.PROBE));
        bench.run(Duration.ofSeconds(50));
        assertEquals(2, bench.count(What.PROBE));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void announcedInterval_isHeldToTheNewLimits(long originNs) {
        HeartbeatPolicy wide = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(1.5))
                .build();
        HeartbeatPolicy narrow = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(1.5))
                .announcedBetween(Duration.ofSeconds(1), Duration.ofSeconds(60))
                .build();
        Bench bench = new Bench(originNs);
        long handle = bench.open(wide);
        bench.monitor.announced(handle, 3600 * SECOND, bench.now());
        bench.monitor.policy(handle, narrow, bench.now());
        bench.run(Duration.ofSeconds(90).minusNanos(1));
        assertEquals(0, bench.count(What.DEAD));
        bench.run(Duration.ofMillis(2));
        assertEquals(1, bench.count(What.DEAD));
    }

    @Test
    void strategy_thatIsExchanged_isToldThatItsConnectionHasGone() {
        Diary diary = new Diary();
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.builder().interval(diary).build());
        bench.monitor.policy(handle, HeartbeatPolicy.client(), bench.now());
        assertEquals(List.of("opened", "closed"), diary.told);
        bench.monitor.close(handle);
        assertEquals(List.of("opened", "closed"), diary.told);
    }

    @Test
    void strategy_thatIsInBothPolicies_justGoesOn() {
        Diary diary = new Diary();
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.builder().interval(diary).build());
        bench.monitor.policy(handle, listening(diary), bench.now());
        assertEquals(List.of("opened"), diary.told);
        bench.monitor.close(handle);
        assertEquals(List.of("opened", "closed"), diary.told);
    }

    @Test
    void partThatThrows_leavesTheNewPolicyInForce() {
        Diary diary = new Diary();
        diary.throwing = true;
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofHours(1)))
                .build());
        assertThrows(IllegalStateException.class, () -> bench.monitor.policy(handle, listening(diary), bench.now()));
        bench.run(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(0, bench.count(What.DEAD));
        bench.run(Duration.ofMillis(2));
        assertEquals(1, bench.count(What.DEAD));
    }

    @Test
    void interval_thatIsNotAWholeNumberOfMilliseconds_isNotCutToOne() {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval((link, nowNs) -> 1_900_000)
                .ackTimeout(Duration.ofMillis(1))
                .build();
        Bench bench = new Bench(0);
        bench.answerAfterNs = 1_000;
        bench.open(policy);
        bench.run(Duration.ofSeconds(1));
        assertTrue(bench.count(What.PROBE) <= 1_000 * 10 / 19, "probes " + bench.count(What.PROBE));
    }
}
