package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.detect.Verdict;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step that takes its time, clocks that go backward, and wishes that fail: what others say meanwhile still counts. */
class ShardEdgesTest {
    private static final HeartbeatPolicy LISTENING = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(Duration.ofSeconds(10)))
            .build();

    static long[] origins() {
        return Bench.origins();
    }

    /** Throws at the door. */
    private static final class Unwilling implements IntervalStrategy {
        @Override
        public long intervalNs(Link link, long nowNs) {
            return 30 * SECOND;
        }

        @Override
        public void onOpened(Link link, long nowNs) {
            throw new IllegalStateException("at the door");
        }
    }

    /** Suspects and gives up after so much silence; one miss is death. */
    private record Suspecting(long suspectNs, long deadNs) implements FailureDetector {
        @Override
        public Verdict onMiss(Peer peer, long nowNs) {
            return Verdict.DEAD;
        }

        @Override
        public long suspectAfterNs(Peer peer) {
            return suspectNs;
        }

        @Override
        public long deadAfterNs(Peer peer) {
            return deadNs;
        }

        @Override
        public double suspicion(Peer peer, long nowNs) {
            return 0;
        }
    }

    /** A transport that is busy when it is asked for a probe, and lets others do something meanwhile. */
    private static HeartbeatTransport busy(Runnable meanwhile) {
        return new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {
                meanwhile.run();
            }

            @Override
            public void close(long handle, DeathCause cause) {}
        };
    }

    // ---- the second look

    @ParameterizedTest
    @MethodSource("origins")
    void secondLook_comesAsSoonAsTheShardSaysItSleeps(long originNs) {
        HeartbeatPolicy suspicious = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(new Suspecting(SECOND, 60 * SECOND))
                .build();
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(suspicious);
        bench.run(Duration.ofSeconds(1).minusNanos(1));
        bench.clock.advance(Duration.ofMillis(1));
        bench.settle();
        assertEquals(Liveness.SUSPECT, watched.liveness());
        watched.slipIn(bench.clock.nanoTime());
        long delayNs = bench.shard.delayNs(bench.clock.nanoTime());
        assertEquals(SecondLook.AFTER_NS, delayNs);
        bench.clock.advanceNs(delayNs);
        bench.settle();
        assertEquals(Liveness.ALIVE, watched.liveness());
    }

    // ---- while a step is busy

    @ParameterizedTest
    @MethodSource("origins")
    void mark_whileTheStepIsBusy_isNotTakenBack(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched marked = bench.open(LISTENING);
        Watched other = bench.open(
                busy(() -> {
                    bench.clock.advance(Duration.ofMillis(200));
                    marked.received();
                }),
                HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(10).minusNanos(1));
        bench.clock.advance(Duration.ofNanos(1)); // it is due
        other.probeNow();
        bench.settle(); // and heard 0.2 s later
        bench.run(Duration.ofSeconds(10).minusMillis(1));
        assertEquals(Liveness.ALIVE, marked.liveness());
        bench.run(Duration.ofMillis(3));
        assertEquals(Liveness.CLOSED, marked.liveness());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void opening_whileTheStepIsBusy_isEvidenceOfThatMoment(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        List<Watched> opened = new ArrayList<>();
        Watched other = bench.open(
                busy(() -> {
                    bench.clock.advance(Duration.ofSeconds(3));
                    Watched watched = bench.open(LISTENING);
                    watched.malformed(); // no evidence, but taken up in this very step
                    opened.add(watched);
                }),
                HeartbeatPolicy.client());
        bench.settle();
        bench.clock.advance(Duration.ofSeconds(1));
        other.probeNow();
        bench.settle();
        bench.run(Duration.ofSeconds(10).minusMillis(1));
        assertEquals(Liveness.ALIVE, opened.get(0).liveness());
        bench.run(Duration.ofMillis(3));
        assertEquals(Liveness.CLOSED, opened.get(0).liveness());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void probeThatLeft_whileTheStepIsBusy_isMissedInTime(long originNs) {
        HeartbeatPolicy oneMissIsDeath = HeartbeatPolicy.builder()
                .failureDetector(new Suspecting(31 * SECOND, FailureDetector.NEVER))
                .build();
        ShardBench bench = new ShardBench(originNs);
        List<Integer> probes = new ArrayList<>();
        Watched probed = bench.open(
                new HeartbeatTransport() {
                    @Override
                    public void sendProbe(long handle, int probeId) {
                        probes.add(probeId);
                    }

                    @Override
                    public void close(long handle, DeathCause cause) {}
                },
                oneMissIsDeath);
        Watched other = bench.open(
                busy(() -> {
                    bench.clock.advance(Duration.ofMillis(200));
                    probed.probeSent(probes.get(0));
                    probed.malformed(); // something for the queue: its wishes are granted in this step
                }),
                HeartbeatPolicy.client());
        bench.run(Duration.ofSeconds(29));
        other.sent();
        other.received();
        bench.run(Duration.ofSeconds(2)); // the probe of 30 s waits to be written
        assertEquals(1, probes.size());
        other.probeNow();
        bench.settle();
        bench.run(Duration.ofSeconds(11)); // it has left at 31.2 s, and has 10 s
        assertEquals(0, bench.statistics().answeredByData());
        assertEquals(1, bench.told.count("dead"));
    }

    // ---- clocks and threads

    @ParameterizedTest
    @MethodSource("origins")
    void ping_beforeTheClockWentBackward_isNotFromTheFuture(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(LISTENING);
        bench.run(Duration.ofSeconds(5));
        bench.clock.advance(Duration.ofSeconds(1));
        watched.pinged();
        bench.clock.advance(Duration.ofHours(-1));
        bench.settle();
        bench.run(Duration.ofSeconds(10).minusMillis(1));
        assertEquals(Liveness.ALIVE, watched.liveness());
        bench.run(Duration.ofSeconds(10)); // the mark of its opening is taken as the present, once
        assertEquals(1, bench.told.count("dead"));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void pings_ofTwoThreadsOutOfOrder_takeNoEvidenceBack(long originNs) {
        ShardBench bench = new ShardBench(originNs);
        Watched watched = bench.open(LISTENING);
        bench.settle();
        bench.clock.advance(Duration.ofSeconds(5));
        long earlierNs = bench.clock.nanoTime();
        bench.clock.advance(Duration.ofSeconds(2));
        watched.pinged();
        bench.shard.tell(Watched.PING, watched, -1, earlierNs);
        bench.settle();
        bench.run(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(Liveness.ALIVE, watched.liveness());
    }

    // ---- what fails

    @Test
    void wishes_afterOneThatThrows_areGranted() {
        ShardBench bench = new ShardBench(0);
        Watched watched = bench.open(LISTENING);
        bench.settle();
        watched.policy(HeartbeatPolicy.builder().interval(new Unwilling()).build());
        watched.lost(DeathCause.Kind.CLOSED_BY_PEER, "reset");
        bench.settle();
        assertEquals(1, bench.told.count("error"));
        assertEquals(1, bench.told.count("dead"));
        assertEquals(1, bench.statistics().errors());
    }

    @Test
    void failedOpening_whoseTransportThrowsToo_isToldAsDead() {
        ShardBench bench = new ShardBench(0);
        bench.open(
                new HeartbeatTransport() {
                    @Override
                    public void sendProbe(long handle, int probeId) {}

                    @Override
                    public void close(long handle, DeathCause cause) {
                        throw new IllegalStateException("closed already");
                    }
                },
                HeartbeatPolicy.builder().interval(new Unwilling()).build());
        bench.settle();
        assertEquals(2, bench.told.count("error"));
        assertEquals(1, bench.told.count("dead"));
        assertTrue(bench.shard.delayNs(bench.clock.nanoTime()) > MS);
    }
}
