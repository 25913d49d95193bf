package dev.heartbeat.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.testkit.FakePeer;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AckTimeoutTest {
    private static final long MS = 1_000_000;

    private final AckTimeout adaptive = AckTimeout.adaptive()
            .initial(Duration.ofSeconds(3))
            .between(Duration.ofMillis(100), Duration.ofSeconds(60))
            .granularity(Duration.ofMillis(10))
            .build();

    private static FakePeer peer(AckTimeout timeout) {
        return new FakePeer(timeout.stateLongs(), 1_000 * MS, 0);
    }

    @Test
    void fixed_whateverHappens_isTheSame() {
        AckTimeout fixed = AckTimeout.fixed(Duration.ofSeconds(2));
        FakePeer peer = peer(fixed);
        fixed.onAck(peer, 5 * MS, 0);
        fixed.onMiss(peer, 0);
        assertEquals(2_000 * MS, fixed.timeoutNs(peer));
        assertEquals(2_000 * MS, fixed.longestNs());
    }

    @Test
    void fixed_zero_isRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> AckTimeout.fixed(Duration.ZERO));
        assertEquals("timeout: PT0S (expected: > 0)", e.getMessage());
    }

    @Test
    void adaptive_beforeTheFirstAck_isInitial() {
        assertEquals(3_000 * MS, adaptive.timeoutNs(peer(adaptive)));
    }

    /** RFC 6298, 2.2 and 2.3, by hand: R = 200 gives 200 + 4 * 100; then R' = 280 gives 210 + 4 * 95. */
    @Test
    void adaptive_roundTrips_areSmoothedAsInTheRfc() {
        FakePeer peer = peer(adaptive);
        adaptive.onAck(peer, 200 * MS, 0);
        assertEquals(600e6, adaptive.timeoutNs(peer), 100);
        adaptive.onAck(peer, 280 * MS, 0);
        assertEquals(590e6, adaptive.timeoutNs(peer), 100);
    }

    @Test
    void adaptive_constantRoundTrip_keepsTheGranularityAbove() {
        FakePeer peer = peer(adaptive);
        for (int i = 0; i < 200; i++) {
            adaptive.onAck(peer, 200 * MS, 0);
        }
        assertEquals(210e6, adaptive.timeoutNs(peer), 100);
    }

    @Test
    void adaptive_misses_doubleUpToTheLongest() {
        FakePeer peer = peer(adaptive);
        adaptive.onAck(peer, 200 * MS, 0);
        adaptive.onMiss(peer, 0);
        assertEquals(1_200e6, adaptive.timeoutNs(peer), 100);
        adaptive.onMiss(peer, 0);
        assertEquals(2_400e6, adaptive.timeoutNs(peer), 100);
        for (int i = 0; i < 1_000; i++) {
            adaptive.onMiss(peer, 0);
        }
        assertEquals(60_000 * MS, adaptive.timeoutNs(peer));
    }

    @Test
    void adaptive_firstAckAfterAMiss_isNotLearnt() {
        FakePeer peer = peer(adaptive);
        adaptive.onAck(peer, 200 * MS, 0);
        adaptive.onMiss(peer, 0);
        adaptive.onAck(peer, 1 * MS, 0); // of the probe before, perhaps
        assertEquals(1_200e6, adaptive.timeoutNs(peer), 100);
        adaptive.onAck(peer, 200 * MS, 0);
        assertEquals(200e6 + 4 * 75e6, adaptive.timeoutNs(peer), 100);
    }

    @Test
    void adaptive_numberedProbes_firstAckAfterAMissIsLearnt() {
        AckTimeout numbered = AckTimeout.adaptive()
                .between(Duration.ofMillis(100), Duration.ofSeconds(60))
                .numberedProbes(true)
                .build();
        FakePeer peer = peer(numbered);
        numbered.onAck(peer, 200 * MS, 0);
        numbered.onMiss(peer, 0);
        numbered.onAck(peer, 200 * MS, 0);
        assertEquals(200e6 + 4 * 75e6, numbered.timeoutNs(peer), 100);
    }

    @Test
    void between_longestBelowShortest_isRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> AckTimeout.adaptive().between(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertEquals("longest: PT1S (expected: >= shortest PT2S)", e.getMessage());
    }

    @Property(tries = 300)
    void adaptive_anything_staysWithinBounds(
            @ForAll @Size(max = 50) long[] roundTrips, @ForAll @IntRange(max = 100) int misses, @ForAll long nowNs) {
        FakePeer peer = peer(adaptive);
        for (long roundTripNs : roundTrips) {
            adaptive.onAck(peer, Math.max(0, roundTripNs), nowNs);
            for (int i = 0; i < misses % 7; i++) {
                adaptive.onMiss(peer, nowNs);
            }
            assertTrue(adaptive.timeoutNs(peer) >= 100 * MS && adaptive.timeoutNs(peer) <= 60_000 * MS);
        }
    }

    @Property(tries = 300)
    void adaptive_steadyLink_coversTheRoundTrip(
            @ForAll @LongRange(min = 1, max = 20_000) long typicalMs, @ForAll @Size(50) int[] noise) {
        FakePeer peer = peer(adaptive);
        for (int one : noise) {
            long roundTripNs = typicalMs * MS + Math.floorMod(one, 1_000) * typicalMs * (MS / 10_000);
            adaptive.onAck(peer, roundTripNs, 0);
            assertTrue(adaptive.timeoutNs(peer) >= typicalMs * MS);
        }
    }
}
