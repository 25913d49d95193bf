package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.Bench.What;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The monitor at its edges: acks of every kind, handles that are used again, phases, wrong calls. */
class MonitorEdgesTest {
    static long[] origins() {
        return Bench.origins();
    }

    // ---- acks

    @ParameterizedTest
    @MethodSource("origins")
    void acked_nothingAsked_isRefusedAndNoEvidence(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(HeartbeatPolicy.server());
        bench.run(Duration.ofSeconds(20));
        for (int id : new int[] {0, 1, -1, 0xFFFF, 0x10000, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            bench.monitor.acked(handle, id, bench.now());
        }
        assertEquals(7, bench.monitor.statistics().refused());
        assertEquals(
                Duration.ofSeconds(20),
                bench.monitor.statistics(handle, bench.now()).silence());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void acked_twice_theSecondIsRefused(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(31));
        bench.monitor.acked(handle, 1, bench.now());
        bench.monitor.acked(handle, 1, bench.now());
        assertEquals(1, bench.count(What.ACK));
        assertEquals(1, bench.count(What.REFUSED));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void acked_late_isTakenOnceForEachOfTheLastSixteenProbes(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(1))
                .ackTimeout(Duration.ofSeconds(1))
                .failureDetector(FailureDetectors.consecutiveMisses(100))
                .build());
        bench.run(Duration.ofSeconds(20).plusMillis(500));
        int latest = (int) bench.last(What.PROBE).value();
        assertTrue(latest > 17, "probe " + latest);
        for (int id = latest - 1; id > latest - 16; id--) {
            bench.monitor.acked(handle, id, bench.now());
            bench.monitor.acked(handle, id, bench.now());
        }
        assertEquals(15, bench.count(What.LATE_ACK));
        assertEquals(15, bench.count(What.REFUSED));
        bench.monitor.acked(handle, latest - 16, bench.now());
        assertEquals(15, bench.count(What.LATE_ACK));
    }

    @Test
    void acked_afterTheNumbersWentRound_stillFits() {
        Bench bench = new Bench(0);
        bench.answerAfterNs = MS;
        long handle = bench.open(HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(10))
                .ackTimeout(Duration.ofMillis(10))
                .build());
        Set<Long> ids = new HashSet<>();
        while (bench.monitor.statistics().probes() < 66_000) {
            bench.run(Duration.ofSeconds(10));
            bench.all(What.PROBE).forEach(probe -> ids.add(probe.value()));
            bench.events.clear();
        }
        MonitorStatistics counts = bench.monitor.statistics();
        assertEquals(0x10000, ids.size());
        assertEquals(0, counts.refused() + counts.misses() + counts.lateAcks());
        assertEquals(Liveness.ALIVE, bench.monitor.liveness(handle));
    }

    // ---- handles

    @ParameterizedTest
    @MethodSource("origins")
    void staleHandle_touchesNobodyInItsOldSlot(long originNs) {
        Bench bench = new Bench(originNs);
        long old = bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(29));
        bench.monitor.close(old);
        long next = bench.open(HeartbeatPolicy.client());
        assertEquals((int) old, (int) next);
        assertNotEquals(old, next);
        bench.run(Duration.ofSeconds(2)); // the old timer would have come up
        assertEquals(0, bench.count(What.PROBE));
        bench.monitor.received(old, bench.now());
        bench.monitor.sent(old, bench.now());
        bench.monitor.probeSent(old, 0, bench.now());
        bench.monitor.acked(old, 0, bench.now());
        bench.monitor.pinged(old, bench.now());
        bench.monitor.announced(old, 1, bench.now());
        bench.monitor.refused(old, Refusal.MALFORMED_FRAME);
        bench.monitor.probeNow(old, bench.now());
        bench.monitor.networkChanged(old, bench.now());
        bench.monitor.phase(old, Phase.BACKGROUND, bench.now());
        bench.monitor.policy(old, HeartbeatPolicy.server(), bench.now());
        bench.monitor.lost(old, DeathCause.Kind.ABUSE, "", bench.now());
        bench.monitor.close(old);
        assertEquals(13, bench.monitor.statistics().staleCalls());
        assertEquals(0, bench.monitor.intervalNs(old, bench.now()));
        assertEquals(
                Duration.ofSeconds(2),
                bench.monitor.statistics(next, bench.now()).silence());
        assertEquals(List.of(), bench.events);
        bench.run(Duration.ofSeconds(28).plusNanos(Bench.TICK));
        assertEquals(30 * SECOND, bench.last(What.PROBE).atNs() - 29 * SECOND);
    }

    @Test
    void words_ofTheConnectionBefore_areGone() {
        FailureDetector remembering = new FailureDetector() {
            @Override
            public int stateLongs() {
                return 2;
            }

            @Override
            public void onOpened(Peer peer, long nowNs) {
                assertEquals(0, peer.state(0));
                peer.state(0, 7);
            }

            @Override
            public double suspicion(Peer peer, long nowNs) {
                return 0;
            }
        };
        Bench bench = new Bench(0);
        HeartbeatPolicy policy =
                HeartbeatPolicy.builder().failureDetector(remembering).build();
        for (int i = 0; i < 40; i++) {
            long handle = bench.open(policy);
            bench.monitor.policy(handle, policy, 0);
            if (i % 3 == 0) {
                bench.monitor.close(handle);
            }
        }
    }

    @Test
    void open_beyondTheCapacity_isRefusedAndOthersGoOn() {
        Bench bench = new Bench(0, builder -> builder.capacity(2));
        bench.open(HeartbeatPolicy.client());
        long second = bench.open(HeartbeatPolicy.client());
        IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> bench.open(HeartbeatPolicy.client()));
        assertEquals("open connections: 2 (expected: < capacity 2)", thrown.getMessage());
        bench.monitor.close(second);
        bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(61));
        assertEquals(2, bench.count(What.DEAD));
    }

    @Test
    void open_whosePolicyThrows_leavesNothingBehind() {
        FailureDetector failing = new FailureDetector() {
            private int asked;

            @Override
            public void onOpened(Peer peer, long nowNs) {
                if (asked++ > 0) {
                    throw new IllegalStateException("made up");
                }
            }

            @Override
            public double suspicion(Peer peer, long nowNs) {
                return 0;
            }
        };
        Bench bench = new Bench(0, builder -> builder.capacity(1));
        HeartbeatPolicy own = new HeartbeatPolicy() {
            @Override
            public FailureDetector failureDetector() {
                return failing;
            }
        };
        assertThrows(IllegalStateException.class, () -> bench.open(own));
        assertEquals(0, bench.monitor.statistics().opened());
        assertEquals(0, bench.monitor.statistics().timers());
        bench.open(HeartbeatPolicy.client());
    }

    // ---- intervals, phases, policies

    @Test
    void phase_foreground_probesAtOnceWithTheShortTimeout() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        bench.monitor.phase(handle, Phase.FOREGROUND, bench.now());
        bench.monitor.phase(handle, Phase.BACKGROUND, bench.now());
        assertEquals(0, bench.count(What.PROBE));
        bench.run(Duration.ofSeconds(5));
        bench.monitor.phase(handle, Phase.FOREGROUND, bench.now());
        assertEquals(5 * SECOND, bench.last(What.PROBE).atNs());
        bench.run(Duration.ofSeconds(4));
        assertEquals(1, bench.count(What.MISS));
        assertTrue(bench.last(What.MISS).atNs() - 8 * SECOND <= Bench.TICK + Bench.STAMP);
    }

    @Test
    void phasedInterval_shrinksAtOnceAndGrowsWithTheNextProbe() {
        Bench bench = new Bench(0);
        bench.answerAfterNs = MS;
        long handle = bench.open(HeartbeatPolicy.builder()
                .interval(IntervalStrategy.phased(Duration.ofSeconds(10), Duration.ofSeconds(100)))
                .probeWhen(Quiet.ALWAYS)
                .build());
        bench.run(Duration.ofSeconds(11));
        bench.monitor.phase(handle, Phase.BACKGROUND, bench.now());
        assertEquals(10 * SECOND, bench.monitor.intervalNs(handle, bench.now()));
        bench.run(Duration.ofSeconds(10));
        assertEquals(2, bench.count(What.PROBE)); // still as announced
        assertEquals(100 * SECOND, bench.monitor.intervalNs(handle, bench.now()));
        bench.run(Duration.ofSeconds(15));
        assertEquals(2, bench.count(What.PROBE));
        bench.monitor.phase(handle, Phase.FOREGROUND, bench.now());
        assertEquals(3, bench.count(What.PROBE));
        bench.run(Duration.ofSeconds(11));
        assertEquals(4, bench.count(What.PROBE));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void announced_outsideOfTheLimits_isClampedAndTold(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(HeartbeatPolicy.server());
        for (long announced : new long[] {Long.MIN_VALUE, -1, 0, 1, SECOND - 1}) {
            bench.monitor.announced(handle, announced, bench.now());
            assertEquals(
                    Refusal.INTERVAL_OUT_OF_LIMITS.ordinal(),
                    bench.last(What.REFUSED).value());
        }
        assertEquals(5, bench.count(What.REFUSED));
        bench.run(Duration.ofMillis(1_500).plusNanos(Bench.TICK));
        assertEquals(1, bench.count(What.PROBE)); // the last word, after 1.5 × 1 s
        bench.heard(handle);
        bench.monitor.announced(handle, Long.MAX_VALUE, bench.now());
        assertEquals(6, bench.count(What.REFUSED));
        long fromNs = bench.elapsedNs();
        bench.run(Duration.ofHours(2));
        assertEquals(2, bench.count(What.PROBE));
        assertTrue(bench.last(What.PROBE).atNs() - fromNs - 5_400 * SECOND <= Bench.TICK);
    }

    @Test
    void policy_changed_holdsFromThatMoment() {
        Bench bench = new Bench(0);
        bench.answerAfterNs = MS;
        long handle = bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(20));
        bench.monitor.policy(
                handle,
                HeartbeatPolicy.builder()
                        .interval(Duration.ofSeconds(5))
                        .ackTimeout(Duration.ofSeconds(2))
                        .build(),
                bench.now());
        bench.run(Duration.ofSeconds(11));
        assertEquals(3, bench.count(What.PROBE));
        bench.monitor.policy(handle, HeartbeatPolicy.server(), bench.now());
        bench.run(Duration.ofSeconds(40));
        assertEquals(3, bench.count(What.PROBE));
    }

    // ---- wrong calls

    @Test
    void anotherThread_failsAnAssertion() throws InterruptedException {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        bench.poll();
        for (Runnable call : List.<Runnable>of(
                () -> bench.monitor.received(handle, 0),
                () -> bench.monitor.sent(handle, 0),
                () -> bench.monitor.acked(handle, 1, 0),
                () -> bench.monitor.close(handle),
                () -> bench.monitor.liveness(handle),
                () -> bench.monitor.statistics(),
                bench::poll)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread stranger = new Thread(call, "stranger");
            stranger.setUncaughtExceptionHandler((thread, error) -> thrown.set(error));
            stranger.start();
            stranger.join();
            assertEquals(AssertionError.class, thrown.get().getClass());
            assertTrue(thrown.get().getMessage().contains("stranger"));
        }
        assertEquals(Liveness.ALIVE, bench.monitor.liveness(handle));
    }

    @Test
    void poll_fromWithinPoll_isRefusedAndTold() {
        HeartbeatMonitor[] monitor = new HeartbeatMonitor[1];
        monitor[0] = HeartbeatMonitor.builder()
                .stallTolerance(Duration.ofHours(1))
                .build(
                        (handle, cause) ->
                                assertThrows(IllegalStateException.class, () -> monitor[0].poll(100 * SECOND, 1)),
                        0);
        long handle = monitor[0].open(
                new Bench(0),
                HeartbeatPolicy.builder()
                        .probeWhen(Quiet.NEVER)
                        .failureDetector(FailureDetectors.silence(1.0))
                        .build(),
                0);
        monitor[0].poll(31 * SECOND, 10);
        assertEquals(Liveness.CLOSED, monitor[0].liveness(handle));
        assertEquals(0, monitor[0].statistics().errors());
        monitor[0].poll(32 * SECOND, 10);
    }

    @Test
    void badArguments_areRefusedByName() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        assertThrows(IllegalArgumentException.class, () -> bench.monitor.poll(0, 0));
        assertThrows(IllegalArgumentException.class, () -> bench.monitor.statistics(99, 0));
        List<org.junit.jupiter.api.function.Executable> nulls = List.of(
                () -> bench.monitor.open(null, HeartbeatPolicy.client(), 0),
                () -> bench.monitor.open(bench, null, 0),
                () -> bench.monitor.phase(handle, null, 0),
                () -> bench.monitor.policy(handle, null, 0),
                () -> bench.monitor.lost(handle, null, "", 0),
                () -> bench.monitor.lost(handle, DeathCause.Kind.ABUSE, null, 0));
        List<String> names = List.of("transport", "policy", "phase", "policy", "kind", "detail");
        for (int i = 0; i < nulls.size(); i++) {
            assertEquals(
                    names.get(i),
                    assertThrows(NullPointerException.class, nulls.get(i)).getMessage());
        }
    }

    @Test
    void malformed_isCountedAndTold() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        bench.monitor.refused(handle, Refusal.MALFORMED_FRAME);
        assertEquals(Refusal.MALFORMED_FRAME.ordinal(), bench.last(What.REFUSED).value());
        assertEquals(1, bench.monitor.statistics().refused());
    }

    @Test
    void transportThatThrows_isToldAndItsProbeCountsAsUnwritten() {
        Bench bench = new Bench(0);
        HeartbeatTransport failing = new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {
                throw new IllegalStateException("made up");
            }

            @Override
            public void close(long handle, DeathCause cause) {
                throw new IllegalStateException("made up");
            }
        };
        bench.monitor.open(failing, HeartbeatPolicy.client(), 0);
        long other = bench.open(HeartbeatPolicy.client());
        bench.answerAfterNs = MS;
        bench.run(Duration.ofSeconds(61));
        assertEquals(2, bench.errors.size());
        assertEquals(
                DeathCause.Kind.PROBE_UNWRITTEN.ordinal(), bench.last(What.DEAD).value());
        assertEquals(Liveness.ALIVE, bench.monitor.liveness(other));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void stallWhileAProbeIsOut_leavesTheAnswerTheRestOfItsTime(long originNs) {
        Bench bench = new Bench(originNs);
        bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(33));
        bench.poll();
        bench.stall(600 * SECOND);
        bench.poll();
        assertEquals(1, bench.count(What.STALL));
        bench.run(Duration.ofSeconds(7).minusNanos(1));
        assertEquals(0, bench.count(What.MISS));
        bench.run(Bench.TICK + Bench.STAMP + 1);
        assertEquals(1, bench.count(What.MISS));
    }

    @Test
    void listenerThatThrows_isToldTheRestAndMovesNoDeadline() {
        Bench bench = new Bench(0);
        HeartbeatListener listener = new HeartbeatListener() {
            @Override
            public void onDead(long handle, DeathCause cause) {
                bench.onDead(handle, cause);
            }

            @Override
            public void onMiss(long handle, int misses) {
                bench.onMiss(handle, misses);
                throw new IllegalStateException("made up");
            }

            @Override
            public void onSuspect(long handle, long silenceNs) {
                bench.onSuspect(handle, silenceNs);
            }

            @Override
            public void onError(long handle, Exception error) {
                bench.onError(handle, error);
            }
        };
        HeartbeatMonitor monitor =
                HeartbeatMonitor.builder().tick(Duration.ofMillis(1)).build(listener, 0);
        HeartbeatTransport writing = new HeartbeatTransport() {
            @Override
            public void sendProbe(long probed, int probeId) {
                monitor.probeSent(probed, probeId, bench.now());
            }

            @Override
            public void close(long closed, DeathCause cause) {}
        };
        monitor.open(writing, HeartbeatPolicy.client(), 0);
        for (int i = 0; i < 61_000; i++) {
            bench.stall(MS);
            monitor.poll(bench.now(), 10);
        }
        assertEquals(3, bench.count(What.MISS));
        assertEquals(3, bench.errors.size());
        assertEquals(1, bench.count(What.SUSPECT));
        assertTrue(bench.last(What.DEAD).atNs() - 60 * SECOND <= 4 * (Bench.TICK + Bench.STAMP));
    }
}
