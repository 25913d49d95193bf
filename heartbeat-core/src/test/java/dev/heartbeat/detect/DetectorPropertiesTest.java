package dev.heartbeat.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.heartbeat.testkit.FakePeer;
import java.lang.management.ManagementFactory;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every detector that learns from arrivals, on any clock and any link. */
class DetectorPropertiesTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Provide
    Arbitrary<FailureDetector> learners() {
        return Arbitraries.of(KnownDefectsTest.learners().toList());
    }

    @Provide
    Arbitrary<Long> origins() {
        return Arbitraries.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7 * SECOND_NS);
    }

    /** A link of random delay, loss and order; what it does is the same for the same seed. */
    private static void play(FailureDetector detector, FakePeer peer, long originNs, long seed, int beats) {
        Random random = new Random(seed);
        double spread = random.nextDouble();
        double loss = random.nextDouble() / 3;
        for (int i = 1; i <= beats; i++) {
            if (random.nextDouble() >= loss) {
                long sequence = random.nextInt(20) == 0 ? i - 1 - random.nextInt(3) : i;
                peer.heard(detector, sequence, originNs + i * SECOND_NS + (long) (random.nextDouble() * spread * 1e9));
            }
        }
    }

    @Property(tries = 300)
    void deadlines_onAnyClock_areTheSame(
            @ForAll("learners") FailureDetector detector, @ForAll("origins") long originNs, @ForAll long seed) {
        FakePeer here = new FakePeer(detector, SECOND_NS, 0);
        FakePeer there = new FakePeer(detector, SECOND_NS, originNs);
        play(detector, here, 0, seed, 200);
        play(detector, there, originNs, seed, 200);
        assertEquals(detector.suspectAfterNs(here), detector.suspectAfterNs(there));
        assertEquals(detector.deadAfterNs(here), detector.deadAfterNs(there));
    }

    @Property(tries = 300)
    void dead_neverBeforeAnIntervalOfSilence_neverBeforeSuspect(
            @ForAll("learners") FailureDetector detector, @ForAll long seed) {
        FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
        play(detector, peer, 0, seed, 200);
        assertTrue(detector.deadAfterNs(peer) >= SECOND_NS);
        assertTrue(detector.suspectAfterNs(peer) <= detector.deadAfterNs(peer));
    }

    @Property(tries = 300)
    void suspicion_inSilence_risesToOneAtDeadAfter(
            @ForAll("learners") FailureDetector detector, @ForAll("origins") long originNs, @ForAll long seed) {
        FakePeer peer = new FakePeer(detector, SECOND_NS, originNs);
        play(detector, peer, originNs, seed, 100);
        long lastNs = peer.lastReceivedNs();
        long deadAfterNs = detector.deadAfterNs(peer);
        double before = 0;
        for (int i = 0; i <= 100; i++) {
            double suspicion = detector.suspicion(peer, lastNs + deadAfterNs / 100 * i);
            assertTrue(suspicion >= before);
            before = suspicion;
        }
        assertTrue(detector.suspicion(peer, lastNs + deadAfterNs - 1) < 1);
        assertTrue(detector.suspicion(peer, lastNs + deadAfterNs) >= 1);
    }

    /** Whatever happened, a peer that is on time for long enough is trusted as a new one would be. */
    @Property(tries = 100)
    void learning_afterAnything_heals(@ForAll("learners") FailureDetector detector, @ForAll long seed) {
        FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
        FakePeer fresh = new FakePeer(detector, SECOND_NS, 0);
        play(detector, peer, 0, seed, 300);
        for (int i = 1_000; i < 6_000; i++) {
            peer.heard(detector, i, i * SECOND_NS);
            fresh.heard(detector, i, i * SECOND_NS);
        }
        double healedNs = detector.suspectAfterNs(peer);
        assertEquals(detector.suspectAfterNs(fresh), healedNs, 0.1 * healedNs);
    }

    /** The interval is announced anew now and then; whoever keeps to it is never dead. */
    @Property(tries = 100)
    void aPeerThatKeepsWhatItAnnounces_isNeverDead(@ForAll("learners") FailureDetector detector, @ForAll long seed) {
        FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
        Random random = new Random(seed);
        long intervalNs = SECOND_NS;
        long nowNs = 0;
        for (int i = 1; i <= 2_000; i++) {
            nowNs += intervalNs;
            assertTrue(peer.silenceNs(nowNs) < detector.deadAfterNs(peer) || i == 1, "heartbeat " + i);
            if (random.nextInt(100) == 0) {
                intervalNs = SECOND_NS / 10 * (1 + random.nextInt(600));
                peer.expectedIntervalNs(intervalNs);
            }
            peer.heard(detector, i, nowNs);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.heartbeat.detect.KnownDefectsTest#learners")
    void heartbeats_allocateNothing(FailureDetector detector) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        FakePeer peer = new FakePeer(detector, SECOND_NS, 0);
        long best = Long.MAX_VALUE; // the virtual machine itself allocates on our thread now and then
        long sum = 0;
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 1_000; i++) {
                long nowNs = (round * 1_000L + i) * SECOND_NS;
                peer.heard(detector, round * 1_000L + i, nowNs);
                sum += detector.suspectAfterNs(peer) + detector.deadAfterNs(peer);
                sum += detector.suspicion(peer, nowNs) > 0.5 ? 1 : 0;
            }
            best = Math.min(best, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertTrue(best < 1_000, "allocated " + best + " bytes in 1 000 heartbeats; " + sum);
    }
}
