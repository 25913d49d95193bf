package dev.heartbeat.reconnect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ReconnectPolicy POLICY = ReconnectPolicy.builder()
            .initial(Duration.ofSeconds(1))
            .max(Duration.ofSeconds(10))
            .multiplier(2)
            .stableAfter(Duration.ofSeconds(30))
            .build();
    private static final ReconnectPolicy TWO_A_MINUTE = ReconnectPolicy.builder()
            .initial(Duration.ofNanos(1))
            .max(Duration.ofNanos(1))
            .budget(2, Duration.ofMinutes(1))
            .build();
    private static final long HALF = 1L << 63; // draws exactly half of the ceiling

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void nextDelay_eachFailure_doublesTheCeilingUpToMax(long originNs) {
        Reconnect reconnect = POLICY.start(originNs, () -> HALF);
        long nowNs = originNs;
        for (long ceiling : new long[] {1, 2, 4, 8, 10, 10}) {
            assertEquals(ceiling * SECOND / 2, reconnect.nextDelayNs(nowNs));
            nowNs += ceiling * SECOND / 2 - 1;
            assertEquals(1, reconnect.nextDelayNs(nowNs));
            long early = nowNs;
            assertThrows(IllegalStateException.class, () -> reconnect.attempt(early));
            assertEquals(0, reconnect.nextDelayNs(++nowNs));
            assertTrue(reconnect.lost(reconnect.attempt(nowNs), nowNs));
        }
        assertEquals(6, reconnect.failures());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void lost_beforeAndAtStable_keepsAndForgetsTheFailures(long originNs) {
        for (long lastedNs : new long[] {0, 30 * SECOND - 1, 30 * SECOND}) {
            Reconnect reconnect = POLICY.start(originNs, () -> HALF);
            long nowNs = originNs;
            for (int i = 0; i < 2; i++) {
                nowNs += reconnect.nextDelayNs(nowNs);
                reconnect.lost(reconnect.attempt(nowNs), nowNs);
            }
            nowNs += reconnect.nextDelayNs(nowNs);
            long epoch = reconnect.attempt(nowNs);
            assertTrue(reconnect.connected(epoch, nowNs));
            assertEquals(2, reconnect.failures());
            nowNs += lastedNs;
            reconnect.lost(epoch, nowNs);
            boolean stable = lastedNs == 30 * SECOND;
            assertEquals(stable ? 0 : 3, reconnect.failures());
            assertEquals((stable ? 1 : 8) * SECOND / 2, reconnect.nextDelayNs(nowNs));
        }
    }

    @Test
    void attempt_isAnEpoch_andNothingOfAnEarlierOneCounts() {
        Reconnect reconnect = POLICY.start(0, () -> 0);
        assertFalse(reconnect.isCurrent(0));
        long first = reconnect.attempt(0);
        assertTrue(reconnect.isCurrent(first));
        assertTrue(reconnect.lost(first, 1));
        assertFalse(reconnect.isCurrent(first));
        assertFalse(reconnect.lost(first, 1));
        assertFalse(reconnect.connected(first, 1));

        long second = reconnect.attempt(2);
        assertEquals(first + 1, second);
        assertFalse(reconnect.connected(first, 3));
        assertFalse(reconnect.lost(first, 3));
        assertFalse(reconnect.isConnected());
        assertTrue(reconnect.connected(second, 3));
        assertFalse(reconnect.connected(second, 4));
        assertFalse(reconnect.lost(first, 5));
        assertTrue(reconnect.isConnected());
        assertEquals(1, reconnect.failures());
        assertEquals(second, reconnect.epoch());
    }

    @Test
    void nextDelay_connectingOrConnected_isNever() {
        Reconnect reconnect = POLICY.start(0, () -> 0);
        long epoch = reconnect.attempt(0);
        assertEquals(Reconnect.NEVER, reconnect.nextDelayNs(0));
        assertThrows(IllegalStateException.class, () -> reconnect.attempt(0));
        reconnect.connected(epoch, 0);
        assertEquals(Reconnect.NEVER, reconnect.nextDelayNs(0));
        assertThrows(IllegalStateException.class, () -> reconnect.attempt(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void budget_spent_waitsForItsTokens(long originNs) {
        Reconnect reconnect = TWO_A_MINUTE.start(originNs, () -> 0);
        reconnect.lost(reconnect.attempt(originNs), originNs);
        assertFalse(reconnect.isExhausted(originNs));
        reconnect.lost(reconnect.attempt(originNs), originNs);
        assertTrue(reconnect.isExhausted(originNs));
        assertEquals(30 * SECOND, reconnect.nextDelayNs(originNs));
        long nowNs = originNs + 30 * SECOND - 1;
        assertEquals(1, reconnect.nextDelayNs(nowNs));
        nowNs++;
        assertFalse(reconnect.isExhausted(nowNs));
        reconnect.lost(reconnect.attempt(nowNs), nowNs);
        assertEquals(30 * SECOND, reconnect.nextDelayNs(nowNs));
        nowNs += 3600 * SECOND; // an hour makes it full and not fuller
        for (int i = 0; i < 2; i++) {
            reconnect.lost(reconnect.attempt(nowNs), nowNs);
        }
        assertTrue(reconnect.isExhausted(nowNs));
    }

    @Test
    void clock_goesBack_neitherShortensNorLengthensAWait() {
        Reconnect reconnect = TWO_A_MINUTE.start(0, () -> 0);
        reconnect.lost(reconnect.attempt(0), 0);
        reconnect.lost(reconnect.attempt(0), 0);
        assertEquals(30 * SECOND, reconnect.nextDelayNs(-3600 * SECOND));
        assertEquals(30 * SECOND, reconnect.nextDelayNs(0));
        Reconnect full = TWO_A_MINUTE.start(0, () -> 0);
        full.lost(full.attempt(0), 0);
        assertFalse(full.isExhausted(-3600 * SECOND)); // what is in the bucket stays in it
        Reconnect other = POLICY.start(0, () -> HALF);
        assertEquals(SECOND / 2, other.nextDelayNs(-SECOND));
    }

    @Test
    void returnWithin_whileConnected_isTheWaitOfTheNextLossOnly() {
        Reconnect reconnect = POLICY.start(0, () -> HALF);
        long nowNs = SECOND;
        long epoch = reconnect.attempt(nowNs);
        reconnect.connected(epoch, nowNs);
        nowNs += 100 * SECOND;
        reconnect.returnWithin(Duration.ofMinutes(5), nowNs);
        assertTrue(reconnect.isConnected());
        nowNs += 100 * SECOND; // counts from the loss, or all would come at once when the server closes late
        reconnect.lost(epoch, nowNs);
        assertEquals(150 * SECOND, reconnect.nextDelayNs(nowNs));
        reconnect.hurry(nowNs);
        assertEquals(150 * SECOND, reconnect.nextDelayNs(nowNs));
        nowNs += 150 * SECOND;
        reconnect.lost(reconnect.attempt(nowNs), nowNs);
        assertEquals(SECOND, reconnect.nextDelayNs(nowNs));
    }

    @Test
    void returnWithin_ofAnUnstableConnection_isNoShortCut() {
        Reconnect reconnect = POLICY.start(0, () -> HALF);
        long nowNs = 0;
        for (int i = 0; i < 5; i++) {
            nowNs += reconnect.nextDelayNs(nowNs);
            long epoch = reconnect.attempt(nowNs);
            reconnect.connected(epoch, nowNs);
            reconnect.returnWithin(Duration.ofNanos(1), nowNs);
            reconnect.lost(epoch, nowNs);
        }
        assertEquals(5 * SECOND, reconnect.nextDelayNs(nowNs));
        reconnect.returnWithin(Duration.ofNanos(1), nowNs);
        assertEquals(5 * SECOND, reconnect.nextDelayNs(nowNs));
    }

    @Test
    void returnWithin_whileWaiting_countsFromNowAndIsCut() {
        Reconnect reconnect = POLICY.start(0, () -> HALF);
        reconnect.returnWithin(Duration.ofSeconds(60), 100);
        assertEquals(30 * SECOND, reconnect.nextDelayNs(100));
        reconnect.returnWithin(Duration.ofDays(365), 100);
        assertEquals(450 * SECOND, reconnect.nextDelayNs(100));
        assertThrows(IllegalArgumentException.class, () -> reconnect.returnWithin(Duration.ZERO, 100));
        assertThrows(NullPointerException.class, () -> reconnect.returnWithin(null, 100));
        assertEquals(450 * SECOND, reconnect.nextDelayNs(100));
    }

    @Test
    void hurry_afterFailures_drawsOnceFromTheFirstCeiling() {
        Reconnect reconnect = POLICY.start(0, () -> HALF);
        long nowNs = 0;
        for (int i = 0; i < 4; i++) {
            nowNs += reconnect.nextDelayNs(nowNs);
            reconnect.lost(reconnect.attempt(nowNs), nowNs);
        }
        assertEquals(5 * SECOND, reconnect.nextDelayNs(nowNs));
        for (int i = 0; i < 10; i++) {
            reconnect.hurry(nowNs);
            assertEquals(SECOND / 2, reconnect.nextDelayNs(nowNs));
        }
        assertEquals(0, reconnect.failures());
    }

    @Test
    void hurry_littleLeft_isNeverLonger() {
        Reconnect reconnect = POLICY.start(0, () -> HALF);
        reconnect.lost(reconnect.attempt(SECOND), SECOND);
        reconnect.hurry(2 * SECOND - 10);
        assertEquals(5, reconnect.nextDelayNs(2 * SECOND - 10));
        long epoch = reconnect.attempt(2 * SECOND);
        reconnect.hurry(2 * SECOND);
        assertTrue(reconnect.isCurrent(epoch));
    }

    @Test
    void policy_changed_cutsTheWaitAndKeepsTheFailures() {
        Reconnect reconnect = POLICY.start(0, () -> HALF);
        long nowNs = 0;
        for (int i = 0; i < 4; i++) {
            nowNs += reconnect.nextDelayNs(nowNs);
            reconnect.lost(reconnect.attempt(nowNs), nowNs);
        }
        ReconnectPolicy shorter = ReconnectPolicy.builder()
                .initial(Duration.ofSeconds(1))
                .max(Duration.ofSeconds(3))
                .build();
        reconnect.policy(shorter, nowNs + SECOND);
        assertEquals(3 * SECOND, reconnect.nextDelayNs(nowNs + SECOND));
        assertEquals(4, reconnect.failures());
        nowNs += 4 * SECOND;
        reconnect.lost(reconnect.attempt(nowNs), nowNs);
        assertEquals(3 * SECOND / 2, reconnect.nextDelayNs(nowNs));
    }

    @Test
    void policy_backAndForth_makesNoTokens() {
        Reconnect reconnect = TWO_A_MINUTE.start(0, () -> 0);
        ReconnectPolicy free = ReconnectPolicy.builder()
                .initial(Duration.ofNanos(1))
                .max(Duration.ofNanos(1))
                .build();
        reconnect.lost(reconnect.attempt(0), 0);
        reconnect.lost(reconnect.attempt(0), 0);
        for (long nowNs = 0; nowNs < 30 * SECOND; nowNs += SECOND) {
            reconnect.policy(free, nowNs);
            assertEquals(0, reconnect.nextDelayNs(nowNs));
            assertFalse(reconnect.isExhausted(nowNs));
            reconnect.policy(TWO_A_MINUTE, nowNs);
            assertEquals(30 * SECOND - nowNs, reconnect.nextDelayNs(nowNs), 1_000.0);
        }
        reconnect.policy(free, 29 * SECOND);
        reconnect.lost(reconnect.attempt(29 * SECOND), 29 * SECOND); // free of charge
        reconnect.policy(TWO_A_MINUTE, 31 * SECOND);
        assertEquals(0, reconnect.nextDelayNs(31 * SECOND));
    }

    @Test
    void call_fromAnotherThread_failsAnAssertion() throws InterruptedException {
        Reconnect reconnect = POLICY.start(0, 1);
        boolean[] failed = new boolean[1];
        Thread other = new Thread(() -> {
            try {
                reconnect.nextDelayNs(0);
            } catch (AssertionError expected) {
                failed[0] = true;
            }
        });
        other.start();
        other.join();
        assertTrue(failed[0]);
    }
}
