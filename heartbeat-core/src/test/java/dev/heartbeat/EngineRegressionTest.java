package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.Bench.What;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What once went wrong between two calls that were each right. */
class EngineRegressionTest {
    private static final HeartbeatPolicy LISTEN = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(Duration.ofSeconds(45)))
            .build();

    static long[] origins() {
        return Bench.origins();
    }

    @Test
    void ack_thatComesAfterDataAnsweredForIt_isNotRefused() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        bench.answerAfterNs = 15 * SECOND;
        bench.at(31 * SECOND, () -> bench.heard(handle));
        bench.run(Duration.ofSeconds(46));
        assertEquals(0, bench.count(What.REFUSED));
        assertEquals(1, bench.count(What.LATE_ACK));
    }

    @Test
    void lateAck_ofAProbeThatWasNoMiss_takesNoMissBack() {
        Bench bench = new Bench(0);
        List<String> told = new ArrayList<>();
        FailureDetector detector = new FailureDetector() {
            @Override
            public void onLateAck(Peer peer, long nowNs) {
                told.add("late");
            }

            @Override
            public double suspicion(Peer peer, long nowNs) {
                return 0;
            }
        };
        long handle =
                bench.open(HeartbeatPolicy.builder().failureDetector(detector).build());
        bench.answerAfterNs = 15 * SECOND;
        bench.at(31 * SECOND, () -> bench.heard(handle));
        bench.run(Duration.ofSeconds(46));
        assertEquals(List.of(), told);
    }

    @ParameterizedTest
    @MethodSource("origins")
    void clockBackward_beforeAMark_doesNotMakeThePeerLookSilent(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(LISTEN);
        bench.run(Duration.ofSeconds(40));
        bench.poll();
        bench.stall(-1800 * SECOND);
        bench.heard(handle);
        bench.poll();
        bench.run(Duration.ofSeconds(44));
        assertEquals(Liveness.ALIVE, bench.monitor.liveness(handle));
        bench.run(Duration.ofSeconds(2));
        assertEquals(Liveness.CLOSED, bench.monitor.liveness(handle));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void clockBackward_beforeTheDelayIsAsked_doesNotMakeTheHostSleep(long originNs) {
        Bench bench = new Bench(originNs);
        bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(10));
        bench.poll();
        bench.stall(-1800 * SECOND);
        assertTrue(bench.monitor.delayUntilNextNs(bench.now()) <= 30 * SECOND);
    }

    @ParameterizedTest
    @MethodSource("origins")
    void stallOfAWeekend_whileAProbeIsOut_isFoundInTheUsualTime(long originNs) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(31));
        bench.stall(60 * 3600 * SECOND);
        bench.poll();
        bench.run(Duration.ofSeconds(31));
        assertEquals(Liveness.CLOSED, bench.monitor.liveness(handle));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void stallOfAWeekend_probingAlways_probesAtOnce(long originNs) {
        Bench bench = new Bench(originNs);
        bench.open(HeartbeatPolicy.builder().probeWhen(Quiet.ALWAYS).build());
        bench.run(Duration.ofSeconds(20));
        bench.stall(60 * 3600 * SECOND);
        bench.poll();
        bench.run(Duration.ofSeconds(1));
        assertEquals(1, bench.count(What.PROBE));
    }

    @Test
    void hostThatIsLateEachTime_stillFindsTheDead() {
        Bench bench = new Bench(0);
        long handle = bench.open(LISTEN);
        for (int i = 0; i < 400; i++) {
            bench.stall(i % 2 == 0 ? 500 * MS : 499 * MS);
            bench.poll();
        }
        assertEquals(Liveness.CLOSED, bench.monitor.liveness(handle));
    }

    @Test
    void hostThatStallsHalfOfItsTime_stillFindsTheDead() {
        Bench bench = new Bench(0);
        long handle = bench.open(LISTEN);
        long keeper = bench.open(HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(20))
                .ackTimeout(Duration.ofMillis(20))
                .build());
        bench.answerAfterNs = 0;
        for (int i = 0; i < 150; i++) {
            bench.stall(500 * MS);
            bench.run(500 * MS);
        }
        assertNotEquals(Liveness.CLOSED, bench.monitor.liveness(keeper));
        assertEquals(Liveness.CLOSED, bench.monitor.liveness(handle));
    }

    @Test
    void recovery_suspectsAgainInTime() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(10))
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(1.0, 3.0))
                .build());
        bench.at(11 * SECOND, () -> bench.heard(handle));
        bench.run(Duration.ofSeconds(21).plusMillis(1));
        assertEquals(2, bench.count(What.SUSPECT));
        bench.run(Duration.ofSeconds(20));
        assertEquals(41 * SECOND, bench.last(What.DEAD).atNs());
    }

    @Test
    void askedProbe_answeredByData_doesNotDelayTheLastWord() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(1.0, 1.5))
                .ackTimeout(Duration.ofSeconds(100))
                .reverseProbe(true)
                .build());
        bench.at(10 * SECOND, () -> bench.monitor.probeNow(handle, bench.now()));
        bench.at(11 * SECOND, () -> bench.heard(handle));
        bench.run(Duration.ofSeconds(300));
        assertEquals(41 * SECOND, bench.all(What.SUSPECT).get(0).atNs());
        assertTrue(bench.last(What.DEAD).atNs() <= 211 * SECOND, bench.events.toString());
    }

    @Test
    void urgentProbes_oneAfterTheOther_doNotPostponeTheVerdict() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        for (int i = 1; i < 100; i++) {
            bench.at(2 * i * SECOND, () -> bench.monitor.networkChanged(handle, bench.now()));
        }
        bench.run(Duration.ofSeconds(198));
        assertEquals(Liveness.CLOSED, bench.monitor.liveness(handle));
    }

    @Test
    void transportThatAnswersAtOnce_isTrusted() {
        for (HeartbeatPolicy policy : List.of(HeartbeatPolicy.client(), HeartbeatPolicy.server())) {
            List<String> told = new ArrayList<>();
            HeartbeatMonitor[] monitor = new HeartbeatMonitor[1];
            boolean[] answering = new boolean[1];
            HeartbeatTransport transport = new HeartbeatTransport() {
                @Override
                public void sendProbe(long handle, int probeId) {
                    monitor[0].probeSent(handle, probeId, 60 * SECOND);
                    if (answering[0]) {
                        monitor[0].acked(handle, probeId, 60 * SECOND);
                    }
                }

                @Override
                public void close(long handle, DeathCause cause) {}
            };
            HeartbeatListener listener = new HeartbeatListener() {
                @Override
                public void onDead(long handle, DeathCause cause) {
                    told.add("dead");
                }

                @Override
                public void onSuspect(long handle, long silenceNs) {
                    told.add("suspect " + monitor[0].liveness(handle));
                }

                @Override
                public void onMiss(long handle, int misses) {
                    told.add("miss " + misses);
                }
            };
            monitor[0] = HeartbeatMonitor.builder()
                    .stallTolerance(Duration.ofHours(1))
                    .build(listener, 0);
            long handle = monitor[0].open(transport, policy, 0);
            monitor[0].poll(40 * SECOND, 10);
            answering[0] = true;
            monitor[0].poll(75 * SECOND, 10);
            assertEquals(Liveness.ALIVE, monitor[0].liveness(handle));
            assertFalse(told.contains("miss 0"), told.toString());
            assertFalse(told.contains("suspect ALIVE"), told.toString());
        }
    }

    @Test
    void errorOfAListener_doesNotMakeTheMonitorForgetTheConnection() {
        Bench quiet = new Bench(0);
        HeartbeatListener listener = new HeartbeatListener() {
            @Override
            public void onDead(long handle, DeathCause cause) {
                quiet.onDead(handle, cause);
            }

            @Override
            public void onSuspect(long handle, long silenceNs) {
                throw new StackOverflowError("made up");
            }
        };
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build(listener, 0);
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(1.0, 2.0))
                .build();
        long handle = monitor.open(quiet, policy, 0);
        long nowNs = 0;
        while (nowNs < 90 * SECOND && monitor.liveness(handle) != Liveness.CLOSED) {
            nowNs += 10 * MS;
            quiet.stall(10 * MS);
            long at = nowNs;
            try {
                monitor.poll(at, 10);
            } catch (StackOverflowError expected) {
                assertEquals("made up", expected.getMessage());
            }
        }
        assertEquals(Liveness.CLOSED, monitor.liveness(handle));
        assertTrue(nowNs <= 64 * SECOND, "found at " + nowNs);
    }

    @Test
    void policyChangedByAListener_holdsAtOnce() {
        HeartbeatMonitor[] monitor = new HeartbeatMonitor[1];
        HeartbeatPolicy brisk = HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(1))
                .ackTimeout(Duration.ofSeconds(1))
                .failureDetector(FailureDetectors.consecutiveMisses(2))
                .build();
        Bench bench = new Bench(0);
        HeartbeatListener listener = new HeartbeatListener() {
            @Override
            public void onDead(long handle, DeathCause cause) {
                bench.onDead(handle, cause);
            }

            @Override
            public void onSuspect(long handle, long silenceNs) {
                monitor[0].policy(handle, brisk, bench.now());
            }
        };
        monitor[0] =
                HeartbeatMonitor.builder().stallTolerance(Duration.ofHours(1)).build(listener, 0);
        monitor[0].open(
                bench,
                HeartbeatPolicy.builder()
                        .probeWhen(Quiet.NEVER)
                        .failureDetector(FailureDetectors.silence(1.0, 50.0))
                        .build(),
                0);
        for (int i = 0; i < 40; i++) {
            bench.stall(SECOND);
            monitor[0].poll(bench.now(), 10);
        }
        assertTrue(bench.count(What.PROBE) >= 1);
        assertTrue(bench.all(What.PROBE).get(0).atNs() <= 32 * SECOND, bench.events.toString());
    }

    @Test
    void closeInOnError_countsOnce() {
        HeartbeatMonitor[] monitor = new HeartbeatMonitor[1];
        HeartbeatListener listener = new HeartbeatListener() {
            @Override
            public void onDead(long handle, DeathCause cause) {}

            @Override
            public void onError(long handle, Exception error) {
                monitor[0].close(handle);
            }
        };
        monitor[0] = HeartbeatMonitor.builder().build(listener, 0);
        IntervalStrategy failing = new IntervalStrategy() {
            @Override
            public long intervalNs(Link link, long nowNs) {
                return 30 * SECOND;
            }

            @Override
            public long shortestNs() {
                return 30 * SECOND;
            }

            @Override
            public void onClosed(Link link, boolean peerLost, long nowNs) {
                throw new IllegalStateException("made up");
            }
        };
        long handle = monitor[0].open(
                new Bench(0), HeartbeatPolicy.builder().interval(failing).build(), 0);
        monitor[0].close(handle);
        assertEquals(1, monitor[0].statistics().closed());
        assertEquals(0, monitor[0].statistics().open());
    }

    @Test
    void closeInOnError_whileAPlanIsMade_leavesNothingBehind() {
        HeartbeatMonitor[] monitor = new HeartbeatMonitor[1];
        List<Long> closed = new ArrayList<>();
        HeartbeatListener listener = new HeartbeatListener() {
            @Override
            public void onDead(long handle, DeathCause cause) {}

            @Override
            public void onError(long handle, Exception error) {
                monitor[0].close(handle);
                closed.add(handle);
            }
        };
        long[] answer = {30 * SECOND};
        IntervalStrategy strategy = new IntervalStrategy() {
            @Override
            public long intervalNs(Link link, long nowNs) {
                return answer[0];
            }

            @Override
            public long shortestNs() {
                return 30 * SECOND;
            }
        };
        for (Quiet quiet : List.of(Quiet.OUTBOUND, Quiet.NEVER)) {
            monitor[0] = HeartbeatMonitor.builder()
                    .stallTolerance(Duration.ofHours(1))
                    .build(listener, 0);
            answer[0] = 30 * SECOND;
            closed.clear();
            HeartbeatPolicy policy = HeartbeatPolicy.builder()
                    .interval(strategy)
                    .probeWhen(quiet)
                    .failureDetector(FailureDetectors.silence(2.0))
                    .build();
            monitor[0].open(new Bench(0), policy, 0);
            answer[0] = -1;
            for (int i = 1; i < 10; i++) {
                monitor[0].poll(i * 31 * SECOND, 10);
            }
            assertEquals(1, closed.size());
            assertEquals(0, monitor[0].statistics().open());
            assertEquals(0, monitor[0].statistics().timers());
        }
    }

    @Test
    void statistics_insideOnDead_addUp() {
        HeartbeatMonitor[] monitor = new HeartbeatMonitor[1];
        List<MonitorStatistics> seen = new ArrayList<>();
        monitor[0] = HeartbeatMonitor.builder().build((handle, cause) -> seen.add(monitor[0].statistics()), 0);
        long handle = monitor[0].open(new Bench(0), HeartbeatPolicy.client(), 0);
        monitor[0].lost(handle, DeathCause.Kind.TRANSPORT_ERROR, "", 0);
        MonitorStatistics then = seen.get(0);
        assertEquals(then.opened(), then.open() + then.closed() + then.dead());
    }

    @Test
    void handleNeverGiven_isCountedAsStale() {
        Bench bench = new Bench(0);
        bench.open(HeartbeatPolicy.client());
        bench.monitor.received(7, 0);
        bench.monitor.sent(7, 0);
        assertEquals(2, bench.monitor.statistics().staleCalls());
    }

    @Test
    void probeSent_withAStaleHandle_countsOnce() {
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.client());
        bench.monitor.close(handle);
        bench.monitor.probeSent(handle, 1, 0);
        assertEquals(1, bench.monitor.statistics().staleCalls());
    }

    @Test
    void monitorBuilder_refusesATickThatTheWheelDoesNotKnow() {
        MonitorBuilder builder = HeartbeatMonitor.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.tick(Duration.ofNanos(999_999)));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.tick(Duration.ofMinutes(1).plusNanos(1)));
        builder.tick(Duration.ofMillis(1)).tick(Duration.ofMinutes(1));
    }

    @Test
    void monitorBuilder_takesAnEndlessTolerance() {
        HeartbeatMonitor.builder()
                .stallTolerance(Duration.ofSeconds(Long.MAX_VALUE))
                .build((h, c) -> {}, 0);
    }

    @Test
    void strategyAsALambda_worksWithTheDefaults() {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval((link, nowNs) -> link.phase() == Phase.FOREGROUND ? 30 * SECOND : 60 * SECOND)
                .build();
        assertEquals(Quiet.OUTBOUND, policy.probeWhen());
    }

    @Test
    void ack_beforeTheHostToldThatTheProbeLeft_plansTheNextOneInTime() {
        Bench bench = new Bench(0);
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(10))
                .unwrittenDeadline(Duration.ofMinutes(30))
                .build();
        long handle = bench.open(policy);
        bench.writing = false;
        bench.answerAfterNs = SECOND;
        bench.run(Duration.ofSeconds(31));
        assertEquals(3, bench.count(What.PROBE));
        assertEquals(0, bench.count(What.ACK));
        assertEquals(
                java.util.Optional.empty(),
                bench.monitor.statistics(handle, bench.now()).lastRoundTrip());
    }
}
