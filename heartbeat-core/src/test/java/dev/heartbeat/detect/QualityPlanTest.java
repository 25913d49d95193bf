package dev.heartbeat.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.testkit.FakePeer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QualityPlanTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final Duration DELAY = Duration.ofMillis(20);

    private static double seconds(Duration length) {
        return length.toNanos() / 1e9;
    }

    @Test
    void forQuality_exponentialDelay_isAsInThePaper() {
        QualityPlan plan = FailureDetectors.forQuality(
                HALF_MINUTE, MONTH, MINUTE, 0.01, DelayLaw.exponential(DELAY), Duration.ZERO);
        assertTrue(plan.feasible());
        assertEquals(9.976, seconds(plan.interval()), 0.0005);
        assertTrue(plan.promisedTimeBetweenMistakes().compareTo(MONTH) >= 0);
        assertTrue(plan.promisedMistakeDuration().compareTo(MINUTE) <= 0);
    }

    @Test
    void forQuality_unknownLaw_isAsInThePaper() {
        Duration deviation = Duration.ofNanos(Math.round(Math.sqrt(0.02) * 1e9));
        QualityPlan plan = FailureDetectors.forQuality(HALF_MINUTE, MONTH, MINUTE, 0.01, DELAY, deviation);
        assertTrue(plan.feasible());
        assertEquals(9.7166, seconds(plan.interval()), 0.00005);
        assertEquals(HALF_MINUTE.minus(plan.interval()), plan.margin());
        assertEquals(HALF_MINUTE.plus(DELAY), plan.promisedDetectionTime());
    }

    @Test
    void forQuality_moreThanTheNetworkGives_isRefusedWithAReason() {
        QualityPlan late = FailureDetectors.forQuality(DELAY, MONTH, MINUTE, 0.01, DELAY, DELAY);
        assertFalse(late.feasible());
        assertTrue(late.remark().contains("no interval"), late.remark());
        assertThrows(IllegalStateException.class, late::interval);
        assertThrows(IllegalStateException.class, late::detector);

        QualityPlan correlated = FailureDetectors.forQuality(
                HALF_MINUTE, MONTH, MINUTE, 0.01, DelayLaw.exponential(DELAY), Duration.ofMinutes(2));
        assertFalse(correlated.feasible());
        assertTrue(correlated.remark().contains("correlation time"), correlated.remark());
    }

    @Test
    void forQuality_aMeanDelayThatOnlyAShorterIntervalLeavesTimeFor_isThatInterval() {
        Duration second = Duration.ofSeconds(1);
        DelayLaw law = DelayLaw.exponential(Duration.ofMillis(100));
        QualityPlan plan = FailureDetectors.forQuality(second, second, second.multipliedBy(10), 0, law, Duration.ZERO);
        assertTrue(plan.feasible(), plan::toString);
        assertEquals(0.9, seconds(plan.interval()), 1e-9);
        assertEquals(Duration.ZERO, plan.margin());

        QualityPlan late = FailureDetectors.forQuality(second, second, second, 0, DelayLaw.exponential(second), DELAY);
        assertFalse(late.feasible());
        assertTrue(late.remark().contains("mean delay"), late.remark());
    }

    @Test
    void forQuality_aDeviationBeyondAllMeasure_isRefusedSoon() {
        Duration second = Duration.ofSeconds(1);
        DelayLaw law = DelayLaw.any(DELAY, Duration.ofSeconds(1_000));
        QualityPlan plan = assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> FailureDetectors.forQuality(second, MONTH, second, 0, law, Duration.ZERO));
        assertFalse(plan.feasible());
        assertTrue(plan.remark().contains("no interval"), plan.remark());
    }

    @Test
    void forQuality_withoutCorrelationTime_saysWhatItLeavesOut() {
        QualityPlan plan = FailureDetectors.forQuality(
                HALF_MINUTE, MONTH, MINUTE, 0.01, DelayLaw.any(DELAY, DELAY), Duration.ZERO);
        assertTrue(plan.remark().contains("bursts"), plan.remark());
    }

    @Test
    void forQuality_badArguments_areNamed() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> FailureDetectors.forQuality(HALF_MINUTE, MONTH, MINUTE, 1, DELAY, DELAY));
        assertEquals("loss: 1.0 (expected: >= 0 and < 1)", e.getMessage());
    }

    /** Delays of 20 ms + exponential 30 ms; the plan knows their mean and deviation only. */
    @Test
    void thePromise_onIndependentLosses_holds() {
        for (double loss : new double[] {0.0, 0.01, 0.05}) {
            check(loss, Duration.ofSeconds(2), Duration.ofMinutes(10), 1, Duration.ZERO);
        }
    }

    @Test
    void thePromise_onBurstsOfLosses_holdsWithTheCorrelationTime() {
        check(0.02, Duration.ofSeconds(6), Duration.ofMinutes(10), 5, Duration.ofMillis(2_500));
    }

    private static void check(double loss, Duration detection, Duration between, int burst, Duration correlation) {
        DelayLaw law = DelayLaw.any(Duration.ofMillis(50), Duration.ofMillis(30));
        QualityPlan plan =
                FailureDetectors.forQuality(detection, between, Duration.ofSeconds(5), loss, law, correlation);
        assertTrue(plan.feasible(), plan::toString);
        FailureDetector detector = plan.detector();
        long intervalNs = plan.interval().toNanos();
        FakePeer peer = new FakePeer(detector, intervalNs, 0);
        Random random = new Random(11);
        long burstNs = Duration.ofMillis(400).toNanos() * burst;
        long badUntilNs = Long.MIN_VALUE;
        int mistakes = 0;
        long latestNs = 0;
        int beats = 300_000;
        for (int i = 1; i <= beats; i++) {
            long sentNs = i * intervalNs;
            boolean lost = burst == 1 ? random.nextDouble() < loss : sentNs < badUntilNs;
            if (burst > 1 && !lost && random.nextDouble() < loss / burst) {
                badUntilNs = sentNs + burstNs;
                lost = true;
            }
            long cameNs = sentNs + 20_000_000 + (long) (-Math.log(1 - random.nextDouble()) * 30e6);
            if (lost || cameNs < latestNs) {
                continue;
            }
            mistakes += i > 100 && peer.silenceNs(cameNs) >= detector.suspectAfterNs(peer) ? 1 : 0;
            peer.heard(detector, i, cameNs);
            latestNs = cameNs;
            long detectionNs = detector.suspectAfterNs(peer) + cameNs - sentNs;
            assertTrue(
                    i < 100 || detectionNs <= plan.promisedDetectionTime().toNanos() + 50_000_000,
                    "detects in " + detectionNs);
        }
        double seen = beats * seconds(plan.interval()) / Math.max(1, mistakes);
        assertTrue(seen >= seconds(between), "a mistake every " + seen + " s; " + plan);
    }
}
