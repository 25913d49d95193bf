package dev.heartbeat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Liveness;
import dev.heartbeat.Quiet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link HeartbeatPolicy} has to keep, yours too: extend this class, and JUnit runs a day of your policy in
 * virtual time, from every clock origin.
 *
 * <pre>{@code
 * class QuietAtNightTest extends HeartbeatPolicyContract {
 *     protected HeartbeatPolicy policy() { return new QuietAtNight(...); }
 *     protected Duration longestInterval() { return Duration.ofMinutes(1); }
 *     protected Duration longestDetection() { return Duration.ofSeconds(90); }
 * }
 * }</pre>
 *
 * <p><b>Threading:</b> confined to one thread, as JUnit does.
 */
public abstract class HeartbeatPolicyContract {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** For subclasses. */
    protected HeartbeatPolicyContract() {}

    /**
     * The policy under test.
     *
     * @return a policy as its users get it
     */
    protected abstract HeartbeatPolicy policy();

    /**
     * The longest that this policy ever leaves between two probes or, if it only listens, expects between two of the
     * peer's heartbeats.
     *
     * @return greater than 0
     */
    protected abstract Duration longestInterval();

    /**
     * The longest that a peer may be silent before this policy has it declared dead.
     *
     * @return greater than {@link #longestInterval()}
     */
    protected abstract Duration longestDetection();

    private static long[] origins() {
        return ClockOrigins.all();
    }

    private boolean listens() {
        return policy().probeWhen() == Quiet.NEVER;
    }

    @ParameterizedTest
    @MethodSource("origins")
    @DisplayName("a peer that shows life in time lives")
    void livePeer_neverDies(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(policy());
        liveForADay(harness, handle);
        assertEquals(Liveness.ALIVE, harness.monitor().liveness(handle));
        assertEquals(0, harness.listener().count("dead"));
        assertEquals(List.of(), harness.listener().errors());
    }

    @ParameterizedTest
    @MethodSource("origins")
    @DisplayName("a silent peer is found, once, and nothing follows")
    void silentPeer_isFoundOnce(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(policy());
        harness.run(longestDetection().plus(TICK.multipliedBy(8)));
        assertEquals(Liveness.CLOSED, harness.monitor().liveness(handle), "alive after longestDetection()");
        assertEquals(
                DeathCause.Kind.PEER_SILENT, harness.listener().causes().get(0).kind());
        int probes = harness.probes().size();
        List<String> told = harness.listener().told();
        harness.run(DAY);
        assertEquals(told, harness.listener().told());
        assertEquals(probes, harness.probes().size());
        assertEquals(List.of(handle), harness.closed());
    }

    @ParameterizedTest
    @MethodSource("origins")
    @DisplayName("a stall of our own blames nobody")
    void stalledHost_blamesNobody(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(policy());
        harness.clock().advance(longestDetection().multipliedBy(10));
        harness.monitor().poll(harness.clock().nanoTime(), Integer.MAX_VALUE);
        assertTrue(harness.monitor().liveness(handle) != Liveness.CLOSED, "blamed for our own stall");
    }

    @ParameterizedTest
    @MethodSource("origins")
    @DisplayName("it probes an idle link in time, or not at all if it only listens to a peer that beats")
    void idleLink_isProbedInTimeOrNotAtAll(long originNs) {
        MonitorHarness harness = new MonitorHarness(originNs);
        long handle = harness.open(policy());
        liveForADay(harness, handle);
        long lastNs = originNs;
        for (MonitorHarness.Probe probe : harness.probes()) {
            long quietNs = probe.atNs() - lastNs;
            assertTrue(quietNs <= longestInterval().plus(TICK).toNanos(), "quiet for " + Duration.ofNanos(quietNs));
            lastNs = probe.atNs();
        }
        assertEquals(listens(), harness.probes().isEmpty(), harness.probes().size() + " probes in a day");
    }

    /** The peer answers each probe and, if it is only listened to, beats by itself. */
    private void liveForADay(MonitorHarness harness, long handle) {
        harness.answering(true);
        for (Duration past = Duration.ZERO; past.compareTo(DAY) < 0; past = past.plus(step())) {
            harness.run(step());
            if (listens()) {
                harness.monitor().pinged(handle, harness.clock().nanoTime());
            }
        }
    }

    /** Short enough for a listener's peer to be heard in time. */
    private Duration step() {
        return longestInterval().dividedBy(2);
    }
}
