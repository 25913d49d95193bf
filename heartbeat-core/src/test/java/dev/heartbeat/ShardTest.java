package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.interval.Phase;
import dev.heartbeat.testkit.ClockOrigins;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a shard does, in virtual time and on one thread. */
class ShardTest {
    private static final Duration TICK = Duration.ofMillis(1);

    /** Listens only: dead after 10 s of silence. */
    private static final HeartbeatPolicy LISTENING = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(Duration.ofSeconds(10)))
            .build();

    /** Suspected after 1 s, dead after 60. */
    private static final HeartbeatPolicy SUSPICIOUS = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(new FailureDetector() {
                @Override
                public long suspectAfterNs(Peer peer) {
                    return 1_000_000_000L;
                }

                @Override
                public long deadAfterNs(Peer peer) {
                    return 60_000_000_000L;
                }

                @Override
                public double suspicion(Peer peer, long nowNs) {
                    return 0;
                }
            })
            .build();

    static long[] origins() {
        return ClockOrigins.all();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void silentPeer_atItsDeadline_diesAndIsToldOnce(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(LISTENING);
        bench.run(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(Liveness.ALIVE, watched.liveness());
        bench.run(TICK.plusNanos(1));
        assertEquals(Liveness.CLOSED, watched.liveness());
        assertEquals(List.of("dead 1 PEER_SILENT"), bench.told.told());
        assertEquals(List.of(1L), bench.closed);
        watched.received();
        watched.acked(1);
        watched.close();
        bench.run(Duration.ofSeconds(30));
        assertEquals(1, bench.told.told().size());
        assertEquals(Long.MAX_VALUE, bench.shard.delayNs(bench.clock.nanoTime()));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void mark_justBeforeTheDeadline_saves(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(LISTENING);
        for (int i = 0; i < 5; i++) {
            bench.run(Duration.ofSeconds(10).minusNanos(1));
            watched.received();
        }
        bench.run(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(Liveness.ALIVE, watched.liveness());
        bench.run(TICK.plusNanos(1));
        assertEquals(1, bench.told.count("dead"));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void mark_fromTheFuture_countsAsThePresentAndOnce(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(LISTENING);
        bench.run(Duration.ofSeconds(5));
        watched.received(bench.clock.nanoTime() + Duration.ofHours(1).toNanos());
        watched.sent(bench.clock.nanoTime() + Duration.ofHours(1).toNanos());
        // It is looked at, and put back, at 10 s.
        bench.run(Duration.ofSeconds(15).minusMillis(1));
        assertEquals(Liveness.ALIVE, watched.liveness());
        bench.run(TICK.multipliedBy(3));
        assertEquals(1, bench.told.count("dead"));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void mark_ofASuspect_recoversItAtOnceAndItIsSuspectedAgainInTime(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(SUSPICIOUS);
        bench.run(Duration.ofSeconds(2));
        assertEquals(Liveness.SUSPECT, watched.liveness());
        watched.received();
        assertTrue(bench.shard.isAwaited(), "the mark of a suspect did not call for the shard");
        bench.settle();
        assertEquals(Liveness.ALIVE, watched.liveness());
        watched.received();
        assertFalse(bench.shard.isAwaited(), "a mark of one in good standing is only a store");
        bench.run(Duration.ofSeconds(1).plus(TICK));
        assertEquals(List.of("suspect 1", "recovered 1", "suspect 1"), bench.told.told());
    }

    @Test
    void mark_thatMissedTheSuspicionByAHair_isFoundByTheSecondLook() {
        AtomicReference<Watched> it = new AtomicReference<>();
        ShardBench bench = new ShardBench(0);
        Watched watched = bench.open(SUSPICIOUS);
        it.set(watched);
        bench.run(Duration.ofSeconds(1).minusNanos(1));
        bench.clock.advance(TICK);
        bench.settle();
        assertEquals(Liveness.SUSPECT, watched.liveness());
        watched.slipIn(bench.clock.nanoTime()); // as a store that was on its way
        bench.run(Duration.ofNanos(2 * SecondLook.AFTER_NS));
        assertEquals(Liveness.ALIVE, watched.liveness());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void client_probedAndAnswered_staysAlive(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(HeartbeatPolicy.client());
        bench.writing = watched;
        for (int i = 1; i <= 5; i++) {
            bench.run(Duration.ofSeconds(30).plus(TICK));
            assertEquals(i, bench.probes.size());
            bench.clock.advance(Duration.ofMillis(40));
            watched.acked(bench.probes.get(i - 1));
            bench.settle();
        }
        assertEquals(5, bench.told.count("ack"));
        long roundTripNs = Long.parseLong(bench.told.told().get(0).split(" ")[2]);
        assertTrue(roundTripNs >= 39_990_000 && roundTripNs <= 42_000_000, () -> "round trip " + roundTripNs);
        assertEquals(5, bench.statistics().acks());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void client_neverAnswered_diesAfterThreeMisses(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        bench.writing = bench.open(HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(60).minusNanos(1));
        assertEquals(Liveness.SUSPECT, bench.writing.liveness());
        bench.run(TICK.multipliedBy(4));
        assertEquals(Liveness.CLOSED, bench.writing.liveness());
        assertEquals(3, bench.told.causes().get(0).consecutiveMisses());
    }

    @Test
    void ack_whenTheQueueIsFull_isCountedAndStillNoMiss() {
        ShardBench bench = new ShardBench(0);
        Watched watched = bench.open(HeartbeatPolicy.client());
        bench.writing = watched;
        bench.run(Duration.ofSeconds(30).plus(TICK));
        for (int i = 0; i < 4; i++) {
            watched.malformed();
        }
        bench.clock.advance(Duration.ofMillis(5));
        watched.acked(bench.probes.get(0));
        watched.malformed();
        assertEquals(2, bench.shard.dropped());
        bench.run(Duration.ofSeconds(11));
        assertEquals(4, bench.told.count("refused"));
        assertEquals(0, bench.told.count("miss"));
        assertEquals(1, bench.statistics().answeredByData());
    }

    @Test
    void wishes_whenTheQueueIsFull_areGrantedAllTheSame() {
        ShardBench bench = new ShardBench(0);
        Watched watched = bench.open(LISTENING);
        bench.settle();
        Watched other = bench.open(LISTENING);
        for (int i = 0; i < 9; i++) {
            watched.malformed();
        }
        other.probeNow();
        watched.close();
        bench.settle();
        assertEquals(List.of(1), bench.probes);
        assertEquals(Liveness.CLOSED, watched.liveness());
        assertEquals(0, bench.told.count("refused"), "told of a connection that was closed");
        assertEquals(1, bench.statistics().open());
    }

    @Test
    void policyPhaseIntervalAndLoss_takeEffect() {
        ShardBench bench = new ShardBench(0);
        Watched watched = bench.open(HeartbeatPolicy.client());
        watched.policy(LISTENING);
        assertThrows(
                IllegalArgumentException.class,
                () -> watched.policy(new HeartbeatPolicy() {
                    @Override
                    public Quiet probeWhen() {
                        return Quiet.NEVER;
                    }
                }));
        bench.run(Duration.ofSeconds(9));
        assertEquals(0, bench.probes.size());
        watched.phase(Phase.FOREGROUND);
        watched.phase(Phase.BACKGROUND);
        bench.settle();
        watched.phase(Phase.FOREGROUND);
        bench.settle();
        assertEquals(1, bench.probes.size());
        watched.networkChanged();
        watched.announced(1);
        bench.settle();
        assertEquals(1, bench.told.count("refused"));
        watched.lost(DeathCause.Kind.CLOSED_BY_PEER, "end of stream");
        watched.lost(DeathCause.Kind.CLOSED_BY_PEER, "end of stream");
        bench.settle();
        assertEquals(Liveness.CLOSED, watched.liveness());
        assertEquals(1, bench.told.count("dead"));
        assertEquals(DeathCause.Kind.CLOSED_BY_PEER, bench.told.causes().get(0).kind());
    }

    @Test
    void loss_ofWhatWasHeardJustNow_namesItsSilence() {
        ShardBench bench = new ShardBench(0);
        Watched watched = bench.open(LISTENING);
        bench.run(Duration.ofSeconds(3));
        watched.received();
        bench.run(Duration.ofSeconds(2));
        watched.lost(DeathCause.Kind.TRANSPORT_ERROR, "reset");
        bench.settle();
        assertEquals(Duration.ofSeconds(2), bench.told.causes().get(0).silence());
    }

    @Test
    void close_beforeTheShardHasOpenedIt_tellsNobodyAndGivesThePlaceBack() {
        ShardBench bench = new ShardBench(0, builder -> builder.capacityPerShard(1));
        for (int i = 0; i < 3; i++) {
            Watched watched = bench.open(LISTENING);
            assertThrows(IllegalStateException.class, () -> bench.open(LISTENING));
            watched.acked(5);
            watched.close();
            assertEquals(Liveness.CLOSED, watched.liveness());
            bench.settle();
        }
        assertEquals(0, bench.statistics().opened());
        bench.open(LISTENING);
        bench.run(Duration.ofSeconds(11));
        bench.open(LISTENING);
        assertEquals(List.of("dead 4 PEER_SILENT"), bench.told.told());
    }

    @Test
    void close_fromACallback_isTheLastThatIsTold() {
        AtomicReference<Watched> it = new AtomicReference<>();
        ShardBench bench = new ShardBench(0);
        HeartbeatTransport closing = new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {
                bench.sendProbe(handle, probeId);
                if (bench.probes.size() == 2) {
                    it.get().close(); // the engine is about to tell of the miss
                } else {
                    it.get().probeSent(probeId);
                }
            }

            @Override
            public void close(long handle, DeathCause cause) {
                bench.close(handle, cause);
            }
        };
        it.set(bench.open(closing, HeartbeatPolicy.client()));
        bench.run(Duration.ofMinutes(5));
        assertEquals(2, bench.probes.size());
        assertEquals(List.of(), bench.told.told());
        assertEquals(List.of(), bench.closed);
        assertEquals(1, bench.statistics().closed());
        assertEquals(0, bench.statistics().open());
    }

    @Test
    void close_onceItHasDied_doesNotSilenceItsDeath() {
        AtomicReference<Watched> it = new AtomicReference<>();
        ShardBench bench = new ShardBench(0);
        HeartbeatTransport closing = new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {}

            @Override
            public void close(long handle, DeathCause cause) {
                assertEquals(Liveness.DEAD, it.get().liveness());
                it.get().close(); // as the reader of a socket does when that is closed under it
            }
        };
        it.set(bench.open(closing, LISTENING));
        bench.run(Duration.ofSeconds(11));
        assertEquals(List.of("dead 1 PEER_SILENT"), bench.told.told());
    }

    @Test
    void policyThatThrowsAtTheOpening_isADeathThatIsTold() {
        ShardBench bench = new ShardBench(0);
        HeartbeatPolicy failing = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(new FailureDetector() {
                    @Override
                    public void onOpened(Peer peer, long nowNs) {
                        if (bench.shard.nanoTime() > 0) {
                            throw new IllegalStateException("not today");
                        }
                    }

                    @Override
                    public long deadAfterNs(Peer peer) {
                        return 1_000_000_000L;
                    }

                    @Override
                    public double suspicion(Peer peer, long nowNs) {
                        return 0;
                    }
                })
                .build();
        bench.clock.advanceNs(1);
        Watched watched = bench.open(failing);
        bench.settle();
        assertEquals(Liveness.CLOSED, watched.liveness());
        assertEquals(List.of("error 1 not today", "dead 1 TRANSPORT_ERROR"), bench.told.told());
        assertEquals(List.of(1L), bench.closed);
    }

    @Test
    void errorOfATransport_leavesTheStepAndCostsNobodyTheirTimer() {
        ShardBench bench = new ShardBench(0);
        HeartbeatTransport failing = new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {
                throw new AssertionError("on purpose");
            }

            @Override
            public void close(long handle, DeathCause cause) {
                bench.close(handle, cause);
            }
        };
        Watched bad = bench.open(failing, HeartbeatPolicy.client());
        Watched good = bench.open(HeartbeatPolicy.client());
        bench.writing = good;
        bench.settle();
        bench.clock.advance(Duration.ofSeconds(30).plus(TICK));
        assertThrows(AssertionError.class, bench::settle);
        bench.settle();
        assertEquals(1, bench.probes.size());
        bench.run(Duration.ofMinutes(3));
        assertEquals(Liveness.CLOSED, bad.liveness());
        assertEquals(2, bench.told.count("dead"));
        assertEquals(2, bench.closed.size());
    }

    @Test
    void clockThatGoesBackward_keepsMarksInOrder() {
        ShardBench bench = new ShardBench(0);
        Watched watched = bench.open(LISTENING);
        bench.run(Duration.ofSeconds(8));
        watched.received();
        bench.run(Duration.ofSeconds(1));
        bench.clock.advance(Duration.ofSeconds(-5));
        bench.run(Duration.ofSeconds(6));
        watched.received();
        bench.run(Duration.ofSeconds(10).minusMillis(1));
        assertEquals(Liveness.ALIVE, watched.liveness());
        bench.run(TICK.multipliedBy(3));
        assertEquals(Liveness.CLOSED, watched.liveness());
    }

    @Test
    void policyThatShortensTheSilence_afterALongSleep_isNoStall() {
        ShardBench bench = new ShardBench(0);
        HeartbeatPolicy patient = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofMinutes(1)))
                .build();
        Watched watched = bench.open(patient);
        bench.settle();
        bench.clock.advance(Duration.ofSeconds(50));
        watched.policy(LISTENING);
        bench.settle();
        bench.run(TICK.multipliedBy(2));
        assertEquals(List.of("dead 1 PEER_SILENT"), bench.told.told());
        assertEquals(0, bench.statistics().stalls());
    }

    @Test
    void statistics_atAnyTime_addUp() {
        ShardBench bench = new ShardBench(0);
        for (int i = 0; i < 3000; i++) {
            Watched watched = bench.open(LISTENING);
            if (i % 3 == 0) {
                bench.shard.step(bench.clock.nanoTime());
                watched.close();
            } else if (i % 3 == 1) {
                watched.lost(DeathCause.Kind.ABUSE, "");
            }
        }
        bench.settle();
        MonitorStatistics statistics = bench.statistics();
        assertEquals(1000, statistics.open());
        assertEquals(1000, statistics.closed());
        assertEquals(1000, statistics.deadBy().get(DeathCause.Kind.ABUSE));
        assertEquals(3000, statistics.opened());
    }
}
