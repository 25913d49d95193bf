package dev.heartbeat.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ChecksTest {

    private static final Duration NS = Duration.ofNanos(1);

    @Property
    void saturatedNs_withinHalfTheRange_isExact(
            @ForAll @LongRange(min = -Checks.MAX_NS, max = Checks.MAX_NS) final long lengthNs) {
        assertEquals(lengthNs, Checks.saturatedNs("length", Duration.ofNanos(lengthNs)));
    }

    @Test
    void saturatedNs_pastEitherEnd_staysThere() {
        assertEquals(Checks.MAX_NS - 1, Checks.saturatedNs("length", Duration.ofNanos(Checks.MAX_NS - 1)));
        assertEquals(Checks.MAX_NS, Checks.saturatedNs("length", Duration.ofNanos(Checks.MAX_NS + 1)));
        assertEquals(Checks.MAX_NS, Checks.saturatedNs("length", Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
        assertEquals(1 - Checks.MAX_NS, Checks.saturatedNs("length", Duration.ofNanos(1 - Checks.MAX_NS)));
        assertEquals(-Checks.MAX_NS, Checks.saturatedNs("length", Duration.ofNanos(-Checks.MAX_NS - 1)));
        assertEquals(-Checks.MAX_NS, Checks.saturatedNs("length", Duration.ofSeconds(Long.MIN_VALUE)));
    }

    @Test
    void positiveNs_aroundZero_onlyAboveIsAccepted() {
        assertEquals(1, Checks.positiveNs("ackTimeout", NS));
        refused("ackTimeout: PT0S (expected: > 0)", () -> Checks.positiveNs("ackTimeout", Duration.ZERO));
        refused("ackTimeout: PT-1S (expected: > 0)", () -> Checks.positiveNs("ackTimeout", Duration.ofSeconds(-1)));
    }

    @Test
    void nonNegativeNs_aroundZero_onlyBelowIsRefused() {
        assertEquals(0, Checks.nonNegativeNs("pause", Duration.ZERO));
        refused("pause: PT-0.000000001S (expected: >= 0)", () -> Checks.nonNegativeNs("pause", NS.negated()));
    }

    @Test
    void inRange_bothEnds_handedBack() {
        assertEquals(1, Checks.inRange("misses", 1, 1, 3));
        assertEquals(3, Checks.inRange("misses", 3, 1, 3));
        assertEquals(1L, Checks.inRange("limit", 1L, 1L, 3L));
        assertEquals(3L, Checks.inRange("limit", 3L, 1L, 3L));
        assertEquals(0.0, Checks.inRange("jitter", 0.0, 0.0, 1.0));
        assertEquals(1.0, Checks.inRange("jitter", 1.0, 0.0, 1.0));
    }

    @Test
    void inRange_justOutside_refusedWithNameValueAndExpectation() {
        refused("misses: 0 (expected: from 1 to 3)", () -> Checks.inRange("misses", 0, 1, 3));
        refused("misses: 4 (expected: from 1 to 3)", () -> Checks.inRange("misses", 4, 1, 3));
        refused("limit: 0 (expected: from 1 to 3)", () -> Checks.inRange("limit", 0L, 1L, 3L));
        refused("limit: 4 (expected: from 1 to 3)", () -> Checks.inRange("limit", 4L, 1L, 3L));
        refused("jitter: -0.1 (expected: from 0.0 to 1.0)", () -> Checks.inRange("jitter", -0.1, 0.0, 1.0));
        refused("jitter: 1.1 (expected: from 0.0 to 1.0)", () -> Checks.inRange("jitter", 1.1, 0.0, 1.0));
        refused("jitter: NaN (expected: from 0.0 to 1.0)", () -> Checks.inRange("jitter", Double.NaN, 0.0, 1.0));
    }

    @Test
    void duration_null_refusedByName() {
        for (final Executable call : new Executable[] {
            () -> Checks.saturatedNs("pause", null),
            () -> Checks.positiveNs("pause", null),
            () -> Checks.nonNegativeNs("pause", null)
        }) {
            final NullPointerException refusal = assertThrows(NullPointerException.class, call);
            assertEquals("pause", refusal.getMessage());
        }
    }

    private static void refused(final String message, final Executable call) {
        final IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call);
        assertEquals(message, refusal.getMessage());
    }
}
