package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyBuilderTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration NS = Duration.ofNanos(1);

    private static void refuses(String message, UnaryOperator<PolicyBuilder> knobs) {
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class,
                () -> knobs.apply(HeartbeatPolicy.builder()).build());
        assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("(expected: "), thrown.getMessage());
    }

    private static void names(String argument, UnaryOperator<PolicyBuilder> knob) {
        NullPointerException thrown =
                assertThrows(NullPointerException.class, () -> knob.apply(HeartbeatPolicy.builder()));
        assertEquals(argument, thrown.getMessage());
    }

    private static PolicyBuilder listening() {
        return HeartbeatPolicy.builder().probeWhen(Quiet.NEVER).failureDetector(FailureDetectors.silence(2.0));
    }

    @Test
    void build_untouched_isTheClientPreset() {
        HeartbeatPolicy built = HeartbeatPolicy.builder().build();
        assertEquals(HeartbeatPolicy.client(), built);
        HeartbeatPolicy defaults = new HeartbeatPolicy() {};
        assertEquals(defaults.interval(), built.interval());
        assertEquals(defaults.probeWhen(), built.probeWhen());
        assertEquals(defaults.ackTimeout(), built.ackTimeout());
        assertEquals(defaults.urgentAckTimeout(), built.urgentAckTimeout());
        assertEquals(defaults.failureDetector(), built.failureDetector());
        assertEquals(defaults.jitter(), built.jitter());
        assertEquals(defaults.unwrittenDeadline(), built.unwrittenDeadline());
        assertEquals(defaults.reverseProbe(), built.reverseProbe());
        assertEquals(defaults.shortestAnnounced(), built.shortestAnnounced());
        assertEquals(defaults.longestAnnounced(), built.longestAnnounced());
    }

    @Test
    void build_everyKnob_isKept() {
        IntervalStrategy interval = IntervalStrategy.fixed(Duration.ofSeconds(40));
        AckTimeout ackTimeout = AckTimeout.fixed(Duration.ofSeconds(7));
        FailureDetector detector = FailureDetectors.consecutiveMisses(5);
        HeartbeatPolicy built = HeartbeatPolicy.builder()
                .interval(interval)
                .probeWhen(Quiet.BOTH)
                .ackTimeout(ackTimeout)
                .urgentAckTimeout(Duration.ofSeconds(2))
                .failureDetector(detector)
                .jitter(0.25)
                .unwrittenDeadline(Duration.ofSeconds(11))
                .announcedBetween(Duration.ofSeconds(3), Duration.ofMinutes(4))
                .build();
        assertEquals(interval, built.interval());
        assertEquals(Quiet.BOTH, built.probeWhen());
        assertEquals(ackTimeout, built.ackTimeout());
        assertEquals(Duration.ofSeconds(2), built.urgentAckTimeout());
        assertEquals(detector, built.failureDetector());
        assertEquals(0.25, built.jitter());
        assertEquals(Duration.ofSeconds(11), built.unwrittenDeadline());
        assertEquals(Duration.ofSeconds(3), built.shortestAnnounced());
        assertEquals(Duration.ofMinutes(4), built.longestAnnounced());
        assertFalse(built.reverseProbe());
        assertTrue(listening().reverseProbe(true).build().reverseProbe());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S", "PT-2562047788015H"})
    void lengths_notGreaterThanZero_areRefusedByName(Duration length) {
        refuses("interval: " + length, b -> b.interval(length));
        refuses("ackTimeout: " + length, b -> b.ackTimeout(length));
        refuses("urgentAckTimeout: " + length, b -> b.urgentAckTimeout(length));
        refuses("unwrittenDeadline: " + length, b -> b.unwrittenDeadline(length));
        refuses("shortestAnnounced: " + length, b -> b.announcedBetween(length, DAY));
        refuses("longestAnnounced: " + length, b -> b.announcedBetween(NS, length));
    }

    @Test
    void lengths_atTheirLongest_areTakenAndBeyondRefused() {
        Duration halfHour = Duration.ofMinutes(30);
        Duration beyond = Duration.ofSeconds(Long.MAX_VALUE);
        HeartbeatPolicy.builder().interval(DAY).ackTimeout(halfHour).build();
        refuses("interval: ", b -> b.interval(DAY.plus(NS)));
        refuses("interval: " + beyond, b -> b.interval(beyond));
        refuses("ackTimeout: ", b -> b.ackTimeout(halfHour.plus(NS)));
        refuses("ackTimeout: " + beyond, b -> b.ackTimeout(beyond));
        HeartbeatPolicy.builder()
                .urgentAckTimeout(halfHour)
                .unwrittenDeadline(halfHour)
                .build();
        refuses("urgentAckTimeout: ", b -> b.urgentAckTimeout(halfHour.plus(NS)));
        refuses("unwrittenDeadline: ", b -> b.unwrittenDeadline(halfHour.plus(NS)));
        HeartbeatPolicy.builder()
                .announcedBetween(NS, DAY)
                .announcedBetween(DAY, DAY)
                .build();
        refuses("longestAnnounced: ", b -> b.announcedBetween(NS, DAY.plus(NS)));
        refuses("shortestAnnounced: " + beyond, b -> b.announcedBetween(beyond, beyond));
        refuses(
                "longestAnnounced: PT1S (expected: >= shortestAnnounced PT2S)",
                b -> b.announcedBetween(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.001, 0.501, 1, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY})
    void jitter_outOfRange_isRefused(double jitter) {
        refuses("jitter: " + jitter, b -> b.jitter(jitter));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.5})
    void jitter_inRange_isTaken(double jitter) {
        assertEquals(jitter, HeartbeatPolicy.builder().jitter(jitter).build().jitter());
    }

    @Test
    void nulls_areRefusedByName() {
        names("interval", b -> b.interval((Duration) null));
        names("interval", b -> b.interval((IntervalStrategy) null));
        names("probeWhen", b -> b.probeWhen(null));
        names("ackTimeout", b -> b.ackTimeout((Duration) null));
        names("ackTimeout", b -> b.ackTimeout((AckTimeout) null));
        names("urgentAckTimeout", b -> b.urgentAckTimeout(null));
        names("failureDetector", b -> b.failureDetector(null));
        names("unwrittenDeadline", b -> b.unwrittenDeadline(null));
        names("shortestAnnounced", b -> b.announcedBetween(null, DAY));
        names("longestAnnounced", b -> b.announcedBetween(NS, null));
    }

    @Test
    void build_ackTimeoutLongerThanTheInterval_isRefused() {
        HeartbeatPolicy.builder().interval(Duration.ofSeconds(10)).build();
        refuses(
                "ackTimeout: fixed(PT10S) (expected: <= the shortest interval PT9.999999999S",
                b -> b.interval(Duration.ofSeconds(10).minus(NS)));
        refuses("ackTimeout: ", b -> b.interval(IntervalStrategy.phased(Duration.ofSeconds(5), Duration.ofMinutes(5))));
        // For one who only listens the interval is the peer's.
        listening().interval(Duration.ofSeconds(1)).build();
    }

    @Test
    void build_listeningWithoutJudgingSilence_isRefused() {
        refuses(
                "failureDetector: consecutiveMisses(3) (expected: one that judges silence",
                b -> b.probeWhen(Quiet.NEVER));
        refuses("jitter: 0.1", b -> listening().jitter(0.1));
    }

    @Test
    void build_reverseProbeOfOneWhoProbes_isRefused() {
        refuses("reverseProbe: true (expected: false, since probeWhen is OUTBOUND)", b -> b.reverseProbe(true));
    }

    @Test
    void build_deathBeforeAnAckCanArrive_isRefused() {
        HeartbeatPolicy.builder()
                .failureDetector(FailureDetectors.silence(Duration.ofSeconds(40)))
                .build();
        refuses(
                "failureDetector: ",
                b -> b.failureDetector(
                        FailureDetectors.silence(Duration.ofSeconds(40).minus(NS))));
        refuses(
                "failureDetector: ",
                b -> b.interval(Duration.ofMillis(10))
                        .ackTimeout(Duration.ofMillis(10))
                        .failureDetector(FailureDetectors.silence(1.5)));
    }

    @Test
    void monitor_policyOfOnesOwnThatContradictsItself_isRefusedAtTheDoor() {
        Bench bench = new Bench(0);
        HeartbeatPolicy own = new HeartbeatPolicy() {
            @Override
            public boolean reverseProbe() {
                return true;
            }
        };
        assertThrows(IllegalArgumentException.class, () -> bench.open(own));
        assertEquals(0, bench.monitor.statistics().open());
        long handle = bench.open(HeartbeatPolicy.client());
        assertThrows(IllegalArgumentException.class, () -> bench.monitor.policy(handle, own, 0));
        assertEquals(Liveness.ALIVE, bench.monitor.liveness(handle));
    }
}
