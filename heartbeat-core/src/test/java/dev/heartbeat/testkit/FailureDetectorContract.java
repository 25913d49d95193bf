package dev.heartbeat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Verdict;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the monitor relies on in any failure detector: extend it, say which detector, and run it.
 *
 * <p>It checks that deadlines are as good as evidence makes them, that suspicion never falls in silence and reaches 1
 * exactly where the peer is declared dead, that instants are compared rightly on any clock, and that connections do not
 * disturb each other. It does not tell whether a detector is any good at detecting.
 */
public abstract class FailureDetectorContract {
    /** Heartbeats are this far apart here, in nanoseconds. */
    protected static final long INTERVAL_NS = 1_000_000_000L;

    private static final int MOST_MISSES = 1_000;

    /** For JUnit. */
    protected FailureDetectorContract() {}

    /**
     * The detector to check.
     *
     * @return a new instance, always with the same settings
     */
    protected abstract FailureDetector detector();

    private static FakePeer steady(FailureDetector detector, long originNs, int beats) {
        FakePeer peer = new FakePeer(detector, INTERVAL_NS, originNs);
        for (int i = 1; i <= beats; i++) {
            peer.acked(detector, 50_000_000, originNs + i * INTERVAL_NS);
        }
        return peer;
    }

    @Test
    void stateLongs_isConstantAndWithinBounds() {
        FailureDetector detector = detector();
        int words = detector.stateLongs();
        assertTrue(words >= 0 && words <= 65_536, "stateLongs: " + words);
        steady(detector, 0, 10);
        assertEquals(words, detector.stateLongs());
    }

    @Test
    void suspicion_afterHeartbeatsOnTime_isBelowOne() {
        FailureDetector detector = detector();
        FakePeer peer = new FakePeer(detector, INTERVAL_NS, 0);
        for (int i = 1; i <= 2_000; i++) {
            long nowNs = i * INTERVAL_NS;
            assertTrue(detector.suspicion(peer, nowNs) < 1, "before heartbeat " + i);
            assertTrue(peer.silenceNs(nowNs) < detector.deadAfterNs(peer), "dead before heartbeat " + i);
            peer.acked(detector, 50_000_000, nowNs);
        }
    }

    @Test
    void aPeerThatNeverSpeaks_isFound() {
        FailureDetector detector = detector();
        FakePeer peer = new FakePeer(detector, INTERVAL_NS, 0);
        assertTrue(diesInSilence(detector, peer, 0), detector + " waits for ever");
    }

    @Test
    void aPeerThatFallsSilent_isFound() {
        FailureDetector detector = detector();
        FakePeer peer = steady(detector, 0, 100);
        assertTrue(diesInSilence(detector, peer, 100 * INTERVAL_NS), detector + " waits for ever");
    }

    private static boolean diesInSilence(FailureDetector detector, FakePeer peer, long lastNs) {
        if (detector.deadAfterNs(peer) != FailureDetector.NEVER) {
            return true;
        }
        for (int i = 1; i <= MOST_MISSES; i++) {
            if (peer.missed(detector, lastNs + i * INTERVAL_NS) == Verdict.DEAD) {
                return true;
            }
        }
        return false;
    }

    @Test
    void suspectAfter_isNotAfterDeadAfter() {
        FailureDetector detector = detector();
        FakePeer peer = new FakePeer(detector, INTERVAL_NS, 0);
        Random random = new Random(5);
        long nowNs = 0;
        for (int i = 0; i < 2_000; i++) {
            long suspectAfterNs = detector.suspectAfterNs(peer);
            assertTrue(
                    suspectAfterNs == FailureDetector.NEVER || suspectAfterNs <= detector.deadAfterNs(peer),
                    "after heartbeat " + i);
            nowNs += (long) (INTERVAL_NS * (0.5 + random.nextDouble()));
            peer.acked(detector, 50_000_000, nowNs);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void suspicion_asSilenceGrows_neverFalls(long originNs) {
        FailureDetector detector = detector();
        FakePeer peer = steady(detector, originNs, 20);
        double before = 0;
        for (int i = 0; i <= 1_000; i++) {
            long nowNs = originNs + 20 * INTERVAL_NS + i * (INTERVAL_NS / 10);
            double suspicion = detector.suspicion(peer, nowNs);
            assertTrue(suspicion >= before, "falls from " + before + " to " + suspicion + " at step " + i);
            before = suspicion;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void suspicion_reachesOne_exactlyAtDeadAfter(long originNs) {
        FailureDetector detector = detector();
        FakePeer peer = steady(detector, originNs, 20);
        long deadAfterNs = detector.deadAfterNs(peer);
        if (deadAfterNs == FailureDetector.NEVER) {
            return; // then misses are what counts: see below
        }
        long lastNs = peer.lastReceivedNs();
        assertTrue(detector.suspicion(peer, lastNs + deadAfterNs) >= 1);
        assertTrue(detector.suspicion(peer, lastNs + deadAfterNs - 1) < 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void deadlines_onAnyClock_areTheSame(long originNs) {
        FailureDetector detector = detector();
        FakePeer here = steady(detector, 0, 50);
        FakePeer there = steady(detector, originNs, 50);
        assertEquals(detector.suspectAfterNs(here), detector.suspectAfterNs(there));
        assertEquals(detector.deadAfterNs(here), detector.deadAfterNs(there));
    }

    @Test
    void onMiss_whereItSaysDead_suspicionIsOne() {
        FailureDetector detector = detector();
        FakePeer peer = steady(detector, 0, 20);
        long nowNs = 20 * INTERVAL_NS;
        for (int i = 1; i <= 20; i++) {
            double before = detector.suspicion(peer, nowNs);
            Verdict verdict = peer.missed(detector, nowNs);
            assertTrue(detector.suspicion(peer, nowNs) >= before, "a miss may not soothe");
            if (verdict == Verdict.DEAD) {
                assertTrue(detector.suspicion(peer, nowNs) >= 1);
                return;
            }
        }
    }

    @Test
    void evidence_afterAMiss_heals() {
        FailureDetector detector = detector();
        FakePeer peer = steady(detector, 0, 100);
        long nowNs = 100 * INTERVAL_NS;
        double calm = detector.suspicion(peer, nowNs);
        if (peer.missed(detector, nowNs) == Verdict.DEAD) {
            return; // the first miss is the last
        }
        for (int i = 101; i <= 200; i++) {
            nowNs = i * INTERVAL_NS;
            peer.acked(detector, 50_000_000, nowNs);
        }
        assertEquals(calm, detector.suspicion(peer, nowNs), 0.05);
    }

    @Test
    void heartbeats_repeatedOrOvertaken_changeNothingThatWasLearnt() {
        FailureDetector detector = detector();
        FakePeer once = new FakePeer(detector, INTERVAL_NS, 0);
        FakePeer twice = new FakePeer(detector, INTERVAL_NS, 0);
        for (int i = 1; i <= 100; i++) {
            long nowNs = i * INTERVAL_NS;
            once.heard(detector, i, nowNs);
            twice.heard(detector, i, nowNs);
            detector.onHeartbeat(twice, i, nowNs + 1);
            detector.onHeartbeat(twice, i - 1, nowNs + 2);
        }
        assertEquals(detector.suspectAfterNs(once), detector.suspectAfterNs(twice));
        assertEquals(detector.deadAfterNs(once), detector.deadAfterNs(twice));
    }

    @Test
    void heartbeats_withGapsAndWithoutSense_throwNothing() {
        FailureDetector detector = detector();
        FakePeer peer = new FakePeer(detector, INTERVAL_NS, 0);
        Random random = new Random(7);
        long nowNs = 0;
        for (int i = 0; i < 5_000; i++) {
            nowNs += random.nextInt(10) == 0 ? random.nextLong() : random.nextInt();
            if (random.nextInt(50) == 0) {
                peer.expectedIntervalNs(1 + (random.nextLong() >>> 1 + random.nextInt(62)));
            }
            long sequence = random.nextInt(10) == 0 ? random.nextLong() : i;
            peer.heard(detector, sequence, nowNs);
            assertNotEquals(Long.MIN_VALUE, detector.suspectAfterNs(peer));
            assertTrue(detector.deadAfterNs(peer) > 0, "dead in the moment of a heartbeat");
            assertFalse(Double.isNaN(detector.suspicion(peer, nowNs)));
        }
    }

    @Test
    void connections_doNotDisturbEachOther() {
        FailureDetector detector = detector();
        FakePeer alone = steady(detector, 0, 50);
        FakePeer calm = new FakePeer(detector, INTERVAL_NS, 0);
        FakePeer wild = new FakePeer(detector, INTERVAL_NS, 0);
        Random random = new Random(3);
        for (int i = 1; i <= 50; i++) {
            wild.heard(detector, random.nextInt() * 10L);
            wild.missed(detector, random.nextInt());
            calm.acked(detector, 50_000_000, i * INTERVAL_NS);
        }
        assertEquals(detector.suspectAfterNs(alone), detector.suspectAfterNs(calm));
        assertEquals(detector.deadAfterNs(alone), detector.deadAfterNs(calm));
        assertEquals(detector.suspicion(alone, 51 * INTERVAL_NS), detector.suspicion(calm, 51 * INTERVAL_NS));
    }

    @Test
    void aNewInterval_isFollowed() {
        FailureDetector detector = detector();
        FakePeer peer = steady(detector, 0, 50);
        long nowNs = 50 * INTERVAL_NS;
        peer.expectedIntervalNs(20 * INTERVAL_NS);
        for (int i = 1; i <= 50; i++) {
            nowNs += 20 * INTERVAL_NS;
            if (i > 1) { // the announcement comes with the first
                assertTrue(detector.suspicion(peer, nowNs) < 1 || detector.deadAfterNs(peer) == fixedAnyway(peer));
            }
            peer.acked(detector, 50_000_000, nowNs);
        }
    }

    private long fixedAnyway(FakePeer peer) {
        FailureDetector detector = detector();
        return detector.deadAfterNs(new FakePeer(detector, INTERVAL_NS, 0)) == detector.deadAfterNs(peer)
                ? detector.deadAfterNs(peer)
                : FailureDetector.NEVER;
    }

    @Test
    void explain_names_theDetector() {
        FailureDetector detector = detector();
        FakePeer peer = new FakePeer(detector, INTERVAL_NS, 0);
        assertFalse(detector.explain(peer, 0).isBlank());
        assertTrue(detector.explain(steady(detector, 0, 3), 5 * INTERVAL_NS).contains(detector.toString()));
    }
}
