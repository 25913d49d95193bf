package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static dev.heartbeat.Bench.STAMP;
import static dev.heartbeat.Bench.TICK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.Bench.Event;
import dev.heartbeat.Bench.What;
import dev.heartbeat.detect.FailureDetectors;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Promises 1, 2, 5, 6, 7 and 8: nothing early, nothing late, and misses that add up. */
class TimingPropertiesTest {
    private static final long GRAIN = TICK + STAMP;

    private static void assertBetween(long atLeast, long value, long atMost, String what) {
        assertTrue(value >= atLeast && value <= atMost, what + ": " + value + " not in " + atLeast + ".." + atMost);
    }

    private static PolicyBuilder probing(Quiet quiet, long intervalMs, long ackMs, int misses) {
        return HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(intervalMs))
                .probeWhen(quiet)
                .ackTimeout(Duration.ofMillis(ackMs))
                .failureDetector(FailureDetectors.consecutiveMisses(misses));
    }

    @Property(tries = 250)
    void probing_missesAndDeathComeWhenTheirTimeHasPassed(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll @IntRange(min = 0, max = 3) int quiet,
            @ForAll @IntRange(min = 20, max = 60_000) int intervalMs,
            @ForAll @IntRange(min = 10, max = 60_000) int ack,
            @ForAll @IntRange(min = 1, max = 5) int misses,
            @ForAll @IntRange(max = 4) int answered,
            @ForAll @IntRange(max = 5) int latenessMs) {
        long ackMs = Math.min(ack, intervalMs);
        long intervalNs = intervalMs * MS;
        long ackNs = ackMs * MS;
        long lateNs = latenessMs * MS + GRAIN;
        Bench bench = new Bench(originNs);
        bench.latenessNs = latenessMs * MS;
        long handle = bench.open(
                probing(Quiet.values()[quiet], intervalMs, ackMs, misses).build());
        bench.answerAfterNs = ackNs / 2;
        bench.answers = probe -> probe < answered;
        bench.run((answered + misses + 3) * (2 * intervalNs + 2 * lateNs));

        long evidenceNs = answered == 0 ? 0 : bench.last(What.ACK).atNs();
        List<Event> missed = bench.all(What.MISS);
        List<Event> left = bench.all(What.LEFT);
        assertEquals(misses, missed.size());
        for (int i = 0; i < misses; i++) {
            assertEquals(i + 1, missed.get(i).value());
            long leftNs = left.get(answered + i).atNs();
            assertBetween(leftNs + ackNs, missed.get(i).atNs(), leftNs + ackNs + lateNs, "miss " + i);
        }
        assertEquals(misses > 1 ? 1 : 0, bench.count(What.SUSPECT));
        long deadNs = bench.last(What.DEAD).atNs();
        assertEquals(missed.get(misses - 1).atNs(), deadNs);
        assertBetween(
                evidenceNs + misses * ackNs,
                deadNs,
                evidenceNs + intervalNs + misses * ackNs + (misses + 1) * lateNs,
                "death");
        DeathCause cause = bench.causes.get(handle);
        assertEquals(deadNs - evidenceNs, cause.silence().toNanos());
        assertEquals(misses, cause.consecutiveMisses());
    }

    @Property(tries = 250)
    void listening_suspicionAndDeathComeWhenTheirTimeHasPassed(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll @IntRange(min = 50, max = 60_000) int intervalMs,
            @ForAll @Size(max = 6) List<@IntRange(max = 140) Integer> pauses,
            @ForAll boolean reverse,
            @ForAll @IntRange(min = 5, max = 90_000) int ackMs,
            @ForAll @IntRange(max = 5) int latenessMs) {
        long intervalNs = intervalMs * MS;
        long lateNs = latenessMs * MS + GRAIN;
        Bench bench = new Bench(originNs);
        bench.latenessNs = latenessMs * MS;
        long handle = bench.open(HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(intervalMs))
                .probeWhen(Quiet.NEVER)
                .ackTimeout(Duration.ofMillis(ackMs))
                .reverseProbe(reverse)
                .failureDetector(FailureDetectors.silence(1.5, 2.0))
                .build());
        for (int pause : pauses) {
            bench.run(intervalNs / 100 * pause);
            bench.heard(handle);
        }
        long evidenceNs = bench.elapsedNs();
        assertEquals(0, bench.count(What.SUSPECT));
        bench.run(3 * intervalNs + ackMs * MS + 4 * lateNs);

        assertEquals(1, bench.count(What.SUSPECT));
        long suspectNs = intervalNs * 3 / 2;
        assertBetween(
                evidenceNs + suspectNs, bench.last(What.SUSPECT).atNs(), evidenceNs + suspectNs + lateNs, "suspicion");
        long deadNs = bench.last(What.DEAD).atNs();
        long overdueNs = evidenceNs + 2 * intervalNs;
        if (reverse) {
            assertEquals(1, bench.count(What.PROBE));
            long leftNs = bench.last(What.LEFT).atNs();
            assertBetween(overdueNs, leftNs, overdueNs + lateNs, "reverse probe");
            assertBetween(leftNs + ackMs * MS, deadNs, leftNs + ackMs * MS + lateNs, "death after the reverse probe");
        } else {
            assertEquals(0, bench.count(What.PROBE));
            assertBetween(overdueNs, deadNs, overdueNs + lateNs, "death");
        }
    }

    @Property(tries = 150)
    void outboundSilence_isNeverLongerThanTheInterval(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll boolean always,
            @ForAll @IntRange(min = 50, max = 60_000) int intervalMs,
            @ForAll @IntRange(max = 50) int jitter,
            @ForAll @IntRange(max = 5) int latenessMs,
            @ForAll Random random) {
        long intervalNs = intervalMs * MS;
        long lateNs = latenessMs * MS + GRAIN;
        Bench bench = new Bench(originNs, builder -> builder.seed(random.nextLong()));
        bench.latenessNs = latenessMs * MS;
        long handle = bench.open(probing(always ? Quiet.ALWAYS : Quiet.OUTBOUND, intervalMs, intervalMs, 5)
                .jitter(jitter / 100.0)
                .build());
        bench.answerAfterNs = (long) (intervalNs * 0.9 * random.nextDouble());
        for (int i = 0; i < 25; i++) {
            bench.run((long) (3 * intervalNs * random.nextDouble()));
            bench.sent(handle);
            if (random.nextBoolean()) {
                bench.heard(handle);
            }
        }
        List<Long> leavings = bench.events.stream()
                .filter(event -> event.what() == What.LEFT || event.what() == What.SENT && !always)
                .map(Event::atNs)
                .toList();
        long before = 0;
        for (long at : leavings) {
            assertBetween(0, at - before, intervalNs + lateNs, "outbound silence before " + at);
            before = at;
        }
        assertEquals(0, bench.count(What.MISS));
        // Jitter is early by no more than its share. (A peer that said nothing for two intervals is asked anyway.)
        long beforeNs = 0;
        long heardNs = 0;
        for (Event event : bench.events) {
            switch (event.what()) {
                case PROBE ->
                    assertTrue(
                            event.atNs() - beforeNs >= intervalNs * (100 - jitter) / 100
                                    || event.atNs() - heardNs >= 2 * intervalNs,
                            "probe at " + event.atNs());
                case HEARD, ACK -> heardNs = event.atNs();
                case LEFT -> beforeNs = event.atNs();
                case SENT -> beforeNs = always ? beforeNs : event.atNs();
                default -> {}
            }
        }
    }

    @Property(tries = 60)
    void jitteredIntervals_spread(@ForAll(supplier = Origins.class) long originNs, @ForAll long seed) {
        Bench bench = new Bench(originNs, builder -> builder.seed(seed));
        HeartbeatPolicy policy =
                probing(Quiet.OUTBOUND, 10_000, 1_000, 3).jitter(0.5).build();
        for (int i = 0; i < 200; i++) {
            bench.open(policy);
        }
        bench.run(Duration.ofSeconds(11));
        long early = bench.all(What.PROBE).stream()
                .filter(probe -> probe.value() == 1 && probe.atNs() < 7_500 * MS)
                .count();
        assertBetween(50, early, 150, "probes in the first half of the window");
        assertTrue(bench.all(What.PROBE).stream().allMatch(probe -> probe.atNs() >= 5 * SECOND));
    }

    @Property(tries = 100)
    void activityInsideTheInterval_noHeartbeatIsSent(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll @IntRange(min = 0, max = 2) int quiet,
            @ForAll @IntRange(min = 20, max = 60_000) int intervalMs,
            @ForAll Random random) {
        Bench bench = new Bench(originNs);
        Quiet kind = List.of(Quiet.OUTBOUND, Quiet.INBOUND, Quiet.BOTH).get(quiet);
        long handle = bench.open(probing(kind, intervalMs, intervalMs, 3).build());
        for (int i = 0; i < 60; i++) {
            bench.run((long) (intervalMs * MS * 0.98 * random.nextDouble()));
            bench.sent(handle);
            bench.heard(handle);
        }
        assertEquals(0, bench.count(What.PROBE));
        assertEquals(Liveness.ALIVE, bench.monitor.liveness(handle));
    }

    @Property(tries = 150)
    void ownWrites_hideNoDeadPeerAndMoveNoAckDeadline(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll @IntRange(min = 0, max = 3) int quiet,
            @ForAll @IntRange(min = 50, max = 60_000) int intervalMs,
            @ForAll @IntRange(min = 1, max = 4) int misses,
            @ForAll @IntRange(min = 2, max = 40) int share) {
        long intervalNs = intervalMs * MS;
        long ackMs = Math.max(10, intervalMs / 3);
        Bench bench = new Bench(originNs);
        long handle = bench.open(
                probing(Quiet.values()[quiet], intervalMs, ackMs, misses).build());
        long endNs = 2 * intervalNs + misses * (ackMs * MS + GRAIN) + GRAIN;
        for (long atNs = 0; atNs < endNs; atNs += intervalNs / share) {
            bench.at(atNs, () -> bench.sent(handle));
        }
        bench.run(endNs);
        assertEquals(Liveness.CLOSED, bench.monitor.liveness(handle));
        List<Event> left = bench.all(What.LEFT);
        List<Event> missed = bench.all(What.MISS);
        for (int i = 0; i < misses; i++) {
            long dueNs = left.get(i).atNs() + ackMs * MS;
            assertBetween(dueNs, missed.get(i).atNs(), dueNs + GRAIN, "miss " + i);
        }
    }

    @Property(tries = 150)
    void unwrittenProbe_hasItsOwnDeadlineWhichDrainingBeginsAnew(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll @IntRange(min = 10, max = 60_000) int unwrittenMs,
            @ForAll @Size(max = 8) List<@IntRange(max = 99) Integer> draining) {
        Bench bench = new Bench(originNs);
        bench.writing = false;
        long handle = bench.open(probing(Quiet.INBOUND, 30_000, 10_000, 1)
                .unwrittenDeadline(Duration.ofMillis(unwrittenMs))
                .build());
        bench.run(Duration.ofSeconds(30));
        long progressNs = bench.last(What.PROBE).atNs();
        for (int share : draining) {
            bench.run(unwrittenMs * MS / 100 * share);
            bench.sent(handle);
            progressNs = bench.elapsedNs();
        }
        bench.run(unwrittenMs * MS + GRAIN);
        assertEquals(0, bench.count(What.MISS));
        assertEquals(
                DeathCause.Kind.PROBE_UNWRITTEN.ordinal(), bench.last(What.DEAD).value());
        long dueNs = progressNs + unwrittenMs * MS;
        assertBetween(dueNs, bench.last(What.DEAD).atNs(), dueNs + GRAIN, "death");
    }

    @Property(tries = 150)
    void ackClock_startsWhenTheProbeHasLeft(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll @IntRange(min = 1, max = 29_000) int waitMs,
            @ForAll @IntRange(min = 1, max = 30_000) int ackMs) {
        Bench bench = new Bench(originNs);
        bench.writing = false;
        long handle = bench.open(probing(Quiet.OUTBOUND, 30_000, ackMs, 2).build());
        bench.run(Duration.ofSeconds(30));
        bench.run(waitMs * MS);
        assertEquals(0, bench.count(What.MISS));
        long leftNs = bench.elapsedNs();
        bench.left(handle, (int) bench.last(What.PROBE).value());
        bench.run(ackMs * MS - 1);
        assertEquals(0, bench.count(What.MISS));
        bench.run(GRAIN + 1);
        assertBetween(leftNs + ackMs * MS, bench.last(What.MISS).atNs(), leftNs + ackMs * MS + GRAIN, "miss");
    }

    @Property(tries = 200)
    void misses_addUpAsTheDetectorSays(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll @IntRange(min = 1, max = 4) int k,
            @ForAll @IntRange(min = 1, max = 6) int spare,
            @ForAll @Size(min = 1, max = 30) List<Boolean> answers) {
        int n = k + spare - 1;
        Bench bench = new Bench(originNs);
        bench.open(probing(Quiet.ALWAYS, 10_000, 1_000, 1)
                .failureDetector(FailureDetectors.missesOfLast(k, n))
                .build());
        bench.answerAfterNs = 10 * MS;
        bench.answers = probe -> probe >= answers.size() || answers.get(probe);
        bench.run(Duration.ofSeconds(11L * (answers.size() + 1)));
        int expectedProbes = 0;
        for (int end = 1; end <= answers.size() && expectedProbes == 0; end++) {
            List<Boolean> window = answers.subList(Math.max(0, end - n), end);
            expectedProbes = window.stream().filter(answer -> !answer).count() >= k ? end : 0;
        }
        assertEquals(expectedProbes == 0 ? 0 : 1, bench.count(What.DEAD));
        if (expectedProbes > 0) {
            assertEquals(expectedProbes, bench.count(What.PROBE));
        }
    }

    @Property(tries = 100)
    void anyEvidence_clearsConsecutiveMisses(
            @ForAll(supplier = Origins.class) long originNs, @ForAll @IntRange(max = 2) int evidence) {
        Bench bench = new Bench(originNs);
        long handle = bench.open(HeartbeatPolicy.client());
        for (int round = 0; round < 5; round++) {
            bench.run(Duration.ofSeconds(55));
            assertEquals(2, bench.monitor.statistics(handle, bench.now()).consecutiveMisses(), () -> "" + bench.events);
            int latest = (int) bench.last(What.PROBE).value();
            switch (evidence) {
                case 0 -> bench.heard(handle);
                case 1 -> bench.monitor.pinged(handle, bench.now());
                default -> bench.monitor.acked(handle, latest - 1, bench.now());
            }
            assertEquals(0, bench.monitor.statistics(handle, bench.now()).consecutiveMisses());
            assertEquals(Liveness.ALIVE, bench.monitor.liveness(handle));
            bench.monitor.acked(handle, latest, bench.now());
            bench.sent(handle);
        }
        assertEquals(5, bench.count(What.RECOVERED));
        assertEquals(0, bench.count(What.DEAD));
        bench.run(Duration.ofSeconds(61));
        assertEquals(1, bench.count(What.DEAD));
    }

    @Property(tries = 60)
    void differentDetectors_agreeOnWhoIsDead(@ForAll(supplier = Origins.class) long originNs) {
        Bench bench = new Bench(originNs);
        List<Long> doomed = Stream.of(
                        FailureDetectors.consecutiveMisses(2),
                        FailureDetectors.missesOfLast(2, 5),
                        FailureDetectors.silence(Duration.ofSeconds(60)))
                .map(detector -> bench.open(
                        HeartbeatPolicy.builder().failureDetector(detector).build()))
                .toList();
        bench.run(Duration.ofSeconds(61));
        doomed.forEach(handle -> assertEquals(Liveness.CLOSED, bench.monitor.liveness(handle)));
    }
}
