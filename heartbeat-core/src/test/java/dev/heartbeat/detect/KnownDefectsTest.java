package dev.heartbeat.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.testkit.FakePeer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks the failure detectors of others, each reproduced there. */
class KnownDefectsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    static Stream<FailureDetector> learners() {
        return Stream.of(
                FailureDetectors.chen(1, 3),
                FailureDetectors.chen(1, 3, 1),
                FailureDetectors.twoWindows(1, 3),
                FailureDetectors.bertier(4, 8),
                FailureDetectors.phi(8, 16),
                FailureDetectors.exponential(4, 8),
                FailureDetectors.adaptive(2, 4),
                FailureDetectors.adaptive(3, 6),
                FailureDetectors.adaptive(6, 7),
                FailureDetectors.adaptive());
    }

    private static long jittered(Random random, double seconds) {
        return jittered(random, seconds, 0.1);
    }

    private static long jittered(Random random, double seconds, double jitter) {
        return (long) (seconds * SECOND_NS * (1 + jitter * (random.nextDouble() - 0.5)));
    }

    /** Hazelcast 5.7.0: from 5.6 s to 253 s. */
    @ParameterizedTest
    @MethodSource("learners")
    void anOutage_isNotLearnt(FailureDetector detector) {
        for (double jitter : new double[] {0, 0.01, 0.1}) {
            checkOutage(detector, jitter);
        }
    }

    private static void checkOutage(FailureDetector detector, double jitter) {
        FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
        Random random = new Random(1);
        long nowNs = 0;
        for (int i = 0; i < 2_000; i++) {
            nowNs += jittered(random, 1, jitter);
            peer.heard(detector, nowNs);
        }
        double before = detector.suspectAfterNs(peer);
        nowNs += 600 * SECOND_NS;
        peer.heard(detector, nowNs);
        for (int i = 0; i < 100; i++) {
            double after = detector.suspectAfterNs(peer);
            assertTrue(
                    after <= 2.1 * before,
                    detector + ", jitter " + jitter + ": from " + before / 1e9 + " s to " + after / 1e9 + " s");
            nowNs += jittered(random, 1, jitter);
            peer.heard(detector, nowNs);
        }
    }

    @Test
    void anOutageOfWeeks_inTheLargestWindow_beginsANewSchedule() {
        FailureDetector detector = FailureDetectors.chen(1, 3, IntervalWindow.LONGEST);
        long intervalNs = 30 * SECOND_NS;
        FakePeer peer = new FakePeer(detector, intervalNs, 0);
        long nowNs = 0;
        for (int i = 0; i < 2 * IntervalWindow.LONGEST; i++) {
            nowNs += intervalNs;
            peer.heard(detector, nowNs);
        }
        long before = detector.suspectAfterNs(peer);
        peer.heard(detector, nowNs + 14L * 86_400 * SECOND_NS);
        assertEquals(before, detector.suspectAfterNs(peer));
    }

    @ParameterizedTest
    @MethodSource("learners")
    void lostHeartbeatsWithoutNumbers_doNotHaveTheNextOnesExpectedTooEarly(FailureDetector detector) {
        for (int lost = 1; lost <= 12; lost++) {
            FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
            Random random = new Random(5);
            int suspected = 0;
            for (int i = 1; i <= 1_000; i++) {
                if (i > 500 && i <= 500 + lost) {
                    continue;
                }
                long nowNs = i * SECOND_NS + random.nextLong(SECOND_NS / 20);
                suspected += i > 501 + lost && peer.silenceNs(nowNs) >= detector.suspectAfterNs(peer) ? 1 : 0;
                peer.heard(detector, nowNs);
            }
            assertEquals(0, suspected, detector + ": after " + lost + " lost");
        }
    }

    /** Pekko 1.7.0: 5 000 of 5 000. */
    @ParameterizedTest
    @MethodSource("learners")
    void aPeerThatSlowsDown_isNotSuspectedForEver(FailureDetector detector) {
        for (double pace : new double[] {5, 10, 30}) {
            FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
            Random random = new Random(2);
            long nowNs = 0;
            for (int i = 0; i < 1_000; i++) {
                nowNs += jittered(random, 1);
                peer.heard(detector, nowNs);
            }
            int suspected = 0;
            for (int i = 0; i < 5_000; i++) {
                nowNs += jittered(random, pace);
                suspected += peer.silenceNs(nowNs) >= detector.suspectAfterNs(peer) ? 1 : 0;
                peer.heard(detector, nowNs);
            }
            assertTrue(suspected <= 10, pace + " s: suspected " + suspected + " times");
        }
    }

    /** Pekko throws when the clock goes back; Hazelcast then needs 1 405 s. */
    @ParameterizedTest
    @MethodSource("learners")
    void aClockThatJumps_frightensNobody(FailureDetector detector) {
        for (long jumpNs : new long[] {1_800 * SECOND_NS, -1_800 * SECOND_NS}) {
            FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
            Random random = new Random(3);
            long jitterNs = SECOND_NS / 20;
            for (int i = 1; i <= 1_000; i++) {
                peer.heard(detector, i, i * SECOND_NS + random.nextLong(jitterNs));
            }
            double before = detector.suspectAfterNs(peer);
            int suspected = 0;
            for (int i = 1_001; i <= 1_200; i++) {
                long nowNs = jumpNs + i * SECOND_NS + random.nextLong(jitterNs);
                // The first silence is measured by the clock that jumped, and that is for the monitor to notice.
                suspected += i > 1_001 && peer.silenceNs(nowNs) >= detector.suspectAfterNs(peer) ? 1 : 0;
                peer.heard(detector, i, nowNs);
                assertTrue(detector.suspectAfterNs(peer) <= 3 * before, "later by a jump of " + jumpNs / 1e9 + " s");
            }
            assertEquals(0, suspected, "jump of " + jumpNs / 1e9 + " s");
        }
    }

    @ParameterizedTest
    @MethodSource("learners")
    void aClockThatStandsStill_frightensNobody(FailureDetector detector) {
        FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
        for (int i = 1; i <= 1_000; i++) {
            peer.heard(detector, i, 0);
            assertTrue(detector.suspectAfterNs(peer) > 0);
            assertTrue(detector.deadAfterNs(peer) > 0);
            assertTrue(detector.suspicion(peer, 0) < 1);
        }
    }

    @ParameterizedTest
    @MethodSource("learners")
    void theFirstBeats_judgeNobodyUnfairly(FailureDetector detector) {
        Random random = new Random(4);
        for (int run = 0; run < 200; run++) {
            FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
            long nowNs = (long) (random.nextDouble() * SECOND_NS);
            for (int i = 0; i < 20; i++) {
                assertTrue(peer.silenceNs(nowNs) < detector.deadAfterNs(peer), "heartbeat " + i);
                peer.heard(detector, i, nowNs);
                nowNs += jittered(random, 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("learners")
    void aPeerThatNeverSpeaks_isDeadWithinTwentyIntervals(FailureDetector detector) {
        FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
        assertTrue(detector.deadAfterNs(peer) <= 20 * SECOND_NS, detector.explain(peer, 0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 4, 8, 100})
    void adaptive_needsTwentyFourBytes(double threshold) {
        assertEquals(3, FailureDetectors.adaptive(threshold, threshold).stateLongs());
    }

    @Test
    void acksBesideNumberedHeartbeats_doNotDisturbTheSchedule() {
        FailureDetector detector = FailureDetectors.chen(1, 3);
        FakePeer plain = new FakePeer(detector, SECOND_NS, 0);
        FakePeer mixed = new FakePeer(detector, SECOND_NS, 0);
        for (int i = 1; i <= 100; i++) {
            long nowNs = i * SECOND_NS;
            plain.heard(detector, i, nowNs);
            mixed.heard(detector, i, nowNs);
            detector.onHeartbeat(mixed, nowNs + SECOND_NS / 3);
        }
        assertEquals(detector.suspectAfterNs(plain), detector.suspectAfterNs(mixed));
    }
}
