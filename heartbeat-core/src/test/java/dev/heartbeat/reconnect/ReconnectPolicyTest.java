package dev.heartbeat.reconnect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectPolicyTest {
    private final ReconnectPolicy.Builder builder = ReconnectPolicy.builder();

    @Test
    void client_hasTheDocumentedDefaults() {
        ReconnectPolicy policy = ReconnectPolicy.client();
        assertEquals(Duration.ofSeconds(1), policy.initial());
        assertEquals(Duration.ofMinutes(2), policy.max());
        assertEquals(2, policy.multiplier());
        assertEquals(Duration.ofSeconds(30), policy.stableAfter());
        assertEquals(Duration.ofMinutes(15), policy.longestReturn());
        assertFalse(policy.hasBudget());
    }

    @Test
    void build_eachKnob_arrives() {
        ReconnectPolicy policy = builder.initial(Duration.ofSeconds(3))
                .max(Duration.ofSeconds(4))
                .multiplier(1.5)
                .stableAfter(Duration.ofSeconds(5))
                .longestReturn(Duration.ofSeconds(6))
                .budget(7, Duration.ofSeconds(70))
                .build();
        assertEquals(Duration.ofSeconds(3), policy.initial());
        assertEquals(Duration.ofSeconds(4), policy.max());
        assertEquals(1.5, policy.multiplier());
        assertEquals(Duration.ofSeconds(5), policy.stableAfter());
        assertEquals(Duration.ofSeconds(6), policy.longestReturn());
        assertEquals(7, policy.budgetAttempts());
        assertEquals(10_000_000_000L, policy.budgetPerAttemptNs());
        assertEquals(15, builder.budget(7, Duration.ofNanos(100)).build().budgetPerAttemptNs()); // rounded up
        assertTrue(policy.toString().contains("budget=7, one per PT10S"));
    }

    @Test
    void builder_badValue_saysNameValueAndExpectation() {
        assertRefused("initial: PT0S (expected: > 0)", () -> builder.initial(Duration.ZERO));
        assertRefused("max: PT-1S (expected: > 0)", () -> builder.max(Duration.ofSeconds(-1)));
        assertRefused("multiplier: 0.99 (expected: from 1.0 to 1000.0)", () -> builder.multiplier(0.99));
        assertRefused("multiplier: NaN (expected: from 1.0 to 1000.0)", () -> builder.multiplier(Double.NaN));
        assertRefused("stableAfter: PT-0.000000001S (expected: >= 0)", () -> builder.stableAfter(Duration.ofNanos(-1)));
        assertRefused("longestReturn: PT0S (expected: > 0)", () -> builder.longestReturn(Duration.ZERO));
        assertRefused("attempts: 0 (expected: from 1 to 1000000)", () -> builder.budget(0, Duration.ofSeconds(1)));
        assertRefused("per: PT0S (expected: > 0)", () -> builder.budget(1, Duration.ZERO));
        assertRefused(
                "max: PT1S (expected: >= initial PT2S)",
                () -> ReconnectPolicy.builder()
                        .initial(Duration.ofSeconds(2))
                        .max(Duration.ofSeconds(1))
                        .build());
        assertFalse(builder.build().hasBudget()); // what was refused left nothing
    }

    @Test
    void builder_null_namesTheParameter() {
        assertEquals(
                "initial",
                assertThrows(NullPointerException.class, () -> builder.initial(null))
                        .getMessage());
        assertEquals(
                "per",
                assertThrows(NullPointerException.class, () -> builder.budget(1, null))
                        .getMessage());
    }

    @Test
    void build_longestDurations_saturate() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        ReconnectPolicy policy = builder.initial(forever)
                .max(forever)
                .multiplier(1000)
                .stableAfter(forever)
                .longestReturn(forever)
                .budget(3, forever)
                .build();
        Reconnect reconnect = policy.start(0, () -> -1L);
        long delayNs = reconnect.nextDelayNs(0);
        assertTrue(delayNs > 0 && delayNs <= Long.MAX_VALUE >> 1);
        long epoch = reconnect.attempt(delayNs);
        assertTrue(reconnect.lost(epoch, delayNs));
        assertTrue(reconnect.nextDelayNs(delayNs) > 0);
        reconnect.returnWithin(forever, delayNs);
        assertTrue(reconnect.nextDelayNs(delayNs) > 0);
    }

    @Test
    void start_withoutSeed_isNotTheSameTwice() {
        assertNotEquals(
                ReconnectPolicy.client().start(0).nextDelayNs(0),
                ReconnectPolicy.client().start(0).nextDelayNs(0));
    }

    @Test
    void start_sameSeed_isTheSameTwice() {
        assertEquals(
                ReconnectPolicy.client().start(0, 42).nextDelayNs(0),
                ReconnectPolicy.client().start(5, 42).nextDelayNs(5));
    }

    @Test
    void splitMix_seed0_givesThePublishedNumbers() {
        SplitMix random = new SplitMix(0);
        assertEquals(0xE220A8397B1DCDAFL, random.getAsLong());
        assertEquals(0x6E789E6AA1B965F4L, random.getAsLong());
        assertEquals(0x06C45D188009454FL, random.getAsLong());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.1, 2, 1000})
    void nextCeiling_smallAndLarge_growsUnlessMultiplierIsOneAndStopsAtMax(double multiplier) {
        ReconnectPolicy policy = builder.initial(Duration.ofNanos(1))
                .max(Duration.ofNanos(1_000_003))
                .multiplier(multiplier)
                .build();
        long ceilingNs = 1;
        for (int i = 0; i < 500; i++) {
            long next = policy.nextCeilingNs(ceilingNs);
            assertTrue(multiplier == 1 ? next == 1 : next > ceilingNs || next == 1_000_003);
            ceilingNs = next;
        }
        assertEquals(multiplier == 1 ? 1 : 1_000_003, ceilingNs);
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
