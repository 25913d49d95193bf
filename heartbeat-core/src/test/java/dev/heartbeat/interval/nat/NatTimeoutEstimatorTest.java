package dev.heartbeat.interval.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NatTimeoutEstimatorTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final long DAY = 24 * HOUR;
    private static final long SLACK = 7 * SECOND;
    private static final long[] ORIGINS = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L};

    private static Bounds bounds() {
        return Bounds.between(Duration.ofSeconds(5), Duration.ofMinutes(30)).build();
    }

    /** Answers probes as a path with this timeout would, until there is nothing more to do within a time. */
    private static final class Search {
        final NatTimeoutEstimator estimator;
        final int lanes;
        long timeoutNs;
        long nowNs;
        int rounds;
        private final List<long[]> flights = new ArrayList<>();

        Search(int lanes, long timeoutNs, long originNs) {
            this.lanes = lanes;
            this.timeoutNs = timeoutNs;
            this.nowNs = originNs;
            this.estimator = NatTimeoutEstimator.create(bounds(), lanes);
        }

        void start() {
            int lane;
            do {
                for (int gone = estimator.nextAbandoned(); gone >= 0; gone = estimator.nextAbandoned()) {
                    int lost = gone;
                    flights.removeIf(flight -> flight[0] == lost);
                    estimator.cancelled(gone);
                }
                lane = estimator.nextProbe(nowNs);
                if (lane >= 0) {
                    flights.add(new long[] {lane, estimator.probeIdleNs(lane), nowNs});
                }
            } while (lane >= 0 || estimator.nextAbandoned() >= 0);
            assertTrue(flights.size() <= lanes, "lanes are bounded");
        }

        /** Returns false, that much later, if nothing happens within the time. */
        boolean step(long withinNs) {
            start();
            rounds++;
            long waitNs = estimator.delayUntilNextNs(nowNs);
            long[] next = null;
            for (long[] flight : flights) {
                long leftNs = flight[1] - (nowNs - flight[2]);
                if (leftNs <= waitNs) {
                    waitNs = leftNs;
                    next = flight;
                }
            }
            if (waitNs > withinNs) {
                nowNs += withinNs;
                return false;
            }
            nowNs += waitNs;
            if (next != null) {
                flights.remove(next);
                ProbeOutcome outcome = next[1] <= timeoutNs ? ProbeOutcome.PROVEN : ProbeOutcome.LOST;
                estimator.onOutcome((int) next[0], outcome, next[1], nowNs);
            }
            return true;
        }

        long settle() {
            long beganNs = nowNs;
            while (estimator.state() != SearchState.SETTLED) {
                assertTrue(step(DAY) && rounds < 10_000, "the search ends");
            }
            return nowNs - beganNs;
        }
    }

    @Property(tries = 500)
    void settle_anyTimeoutWithinBounds_isWithinTolerance(
            @ForAll @LongRange(min = 6_000, max = 5_000_000) long timeoutMs,
            @ForAll @IntRange(min = 1, max = 12) int lanes,
            @ForAll @IntRange(min = 0, max = 4) int origin) {
        Search search = new Search(lanes, timeoutMs * 1_000_000, ORIGINS[origin]);

        long tookNs = search.settle();

        long truthNs = Math.min(search.timeoutNs, 1_800 * SECOND);
        long estimateNs = search.estimator.estimateNs();
        assertTrue(estimateNs <= truthNs, () -> estimateNs + " is proven, the truth is " + truthNs);
        assertTrue(truthNs - estimateNs <= Math.max(truthNs / 50, 5 * SECOND), () -> search.estimator.toString());
        if (lanes == 6) {
            assertTrue(search.estimator.probes() <= 16, () -> search.estimator.toString());
            assertTrue(tookNs <= 2 * truthNs + search.estimator.probes() * 60 * SECOND);
        }
        if (lanes == 1) {
            assertTrue(tookNs <= 3 * HOUR, () -> "took " + Duration.ofNanos(tookNs));
        }
    }

    @Property(tries = 200)
    void intervalNs_duringTheSearch_isNeverAboveWhatIsProvenLessTheSlack(
            @ForAll @LongRange(min = 20_000, max = 3_000_000) long timeoutMs,
            @ForAll @IntRange(min = 1, max = 8) int lanes) {
        Search search = new Search(lanes, timeoutMs * 1_000_000, 0);
        while (search.estimator.state() != SearchState.SETTLED) {
            long intervalNs = search.estimator.intervalNs(SLACK);
            assertTrue(intervalNs >= 5 * SECOND && intervalNs <= 1_800 * SECOND);
            assertTrue(intervalNs <= 10 * SECOND || intervalNs <= search.timeoutNs - SLACK);
            search.step(DAY);
        }
    }

    @Property(tries = 300)
    void anyEvents_inAnyOrder_leaveAUsableIntervalAndASearchThatEnds(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int lanes) {
        Random random = new Random(seed);
        Search search = new Search(lanes, 300 * SECOND, ORIGINS[(int) Math.floorMod(seed, 5L)]);
        NatTimeoutEstimator estimator = search.estimator;
        ProbeOutcome[] outcomes = ProbeOutcome.values();
        for (int i = 0; i < 200; i++) {
            search.start();
            switch (random.nextInt(4)) {
                case 0 -> estimator.onMainLost(search.nowNs);
                case 1 -> search.nowNs += (long) (random.nextDouble() * HOUR);
                default -> {
                    if (!search.flights.isEmpty()) {
                        long[] flight = search.flights.remove(random.nextInt(search.flights.size()));
                        long silenceNs = (long) (flight[1] * random.nextDouble() * 1.3) - random.nextInt(2);
                        ProbeOutcome outcome = outcomes[random.nextInt(outcomes.length)];
                        estimator.onOutcome((int) flight[0], outcome, silenceNs, search.nowNs);
                    }
                }
            }
            long intervalNs = estimator.intervalNs(SLACK);
            assertTrue(intervalNs >= 5 * SECOND && intervalNs <= 1_800 * SECOND);
            assertTrue(estimator.estimateNs() > 0 && estimator.delayUntilNextNs(search.nowNs) >= 0);
            NetworkProfile profile = estimator.profile(0, 0);
            assertTrue(profile == null || profile.provenNs() <= 1_800 * SECOND);
        }
        search.settle();
    }

    @ParameterizedTest
    @ValueSource(longs = {0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void onMainLost_atAProvenInterval_isSafeAtOnceAndShrinksWithinTwentyMinutes(long originNs) {
        Search search = new Search(6, 600 * SECOND, originNs);
        search.settle();
        long beforeNs = search.estimator.estimateNs();
        search.timeoutNs = 120 * SECOND;

        search.estimator.onMainLost(search.nowNs);

        assertEquals(SearchState.DOUBTING, search.estimator.state());
        assertEquals(beforeNs, search.estimator.estimateNs());
        assertEquals(10 * SECOND, search.estimator.intervalNs(SLACK));
        long tookNs = search.settle();
        assertTrue(tookNs <= 20 * 60 * SECOND, () -> "took " + Duration.ofNanos(tookNs));
        assertEquals(120, search.estimator.estimateNs() / 1e9, 5);
    }

    @Test
    void onMainLost_thoughNothingChanged_restoresTheEstimateAfterOneProof() {
        Search search = new Search(6, 600 * SECOND, 0);
        search.settle();
        long beforeNs = search.estimator.estimateNs();

        search.estimator.onMainLost(search.nowNs);
        long tookNs = search.settle();

        assertEquals(beforeNs, search.estimator.estimateNs());
        assertTrue(tookNs <= beforeNs + SECOND);
    }

    @Test
    void onMainLost_whileSafe_goesDownToTheMinimumAndNoFurther() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 1);
        estimator.onMainLost(0);
        assertEquals(5 * SECOND, estimator.intervalNs(SLACK));
        estimator.onMainLost(0);
        assertEquals(5 * SECOND, estimator.intervalNs(SLACK));
    }

    @Test
    void onOutcome_oneFalseFailure_isOverruledByProofAndHealedByGrowth() {
        Search search = new Search(6, 900 * SECOND, 0);
        search.start();
        // The shortest of the ladder is reported lost although it would have been heard.
        long[] shortest = search.flights.remove(0);
        search.estimator.onOutcome((int) shortest[0], ProbeOutcome.LOST, shortest[1], SECOND);
        search.settle();
        assertTrue(search.estimator.estimateNs() < 60 * SECOND);

        while (search.nowNs < DAY && search.estimator.estimateNs() < 880 * SECOND) {
            search.step(DAY);
        }

        assertTrue(search.estimator.estimateNs() >= 882 * SECOND, () -> search.estimator.toString());
        assertTrue(search.nowNs < 8 * HOUR);
    }

    @Test
    void growth_afterThePathBecameBetter_isFoundWithinADay() {
        Search search = new Search(6, 240 * SECOND, 0);
        search.settle();
        while (search.nowNs < 3 * DAY) {
            search.step(3 * DAY - search.nowNs);
        }
        search.timeoutNs = 600 * SECOND;
        long beganNs = search.nowNs;
        while (search.estimator.estimateNs() < 588 * SECOND) {
            search.step(DAY);
        }
        assertTrue(search.nowNs - beganNs <= DAY);
    }

    @Test
    void onOutcome_unreachable_saysNothingAndBacksOff() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 1);
        long nowNs = 0;
        long delayNs = 0;
        for (int i = 0; i < 20; i++) {
            int lane = estimator.nextProbe(nowNs);
            estimator.onOutcome(lane, ProbeOutcome.UNREACHABLE, SECOND, nowNs);
            assertTrue(estimator.delayUntilNextNs(nowNs) >= delayNs, "never sooner");
            delayNs = estimator.delayUntilNextNs(nowNs);
            assertEquals(-1, estimator.nextProbe(nowNs + delayNs - 1));
            nowNs += delayNs;
        }
        assertEquals(1_800 * SECOND, delayNs);
        assertFalse(estimator.isProven());
        assertNull(estimator.profile(0, 0));
    }

    private static void assertNull(Object value) {
        assertEquals(null, value);
    }

    @Test
    void onOutcome_closedTwiceAlike_countsAsFailureThere() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 1);
        long nowNs = 0;
        for (int i = 0; i < 30 && estimator.state() != SearchState.SETTLED; i++) {
            nowNs += estimator.delayUntilNextNs(nowNs);
            int lane = estimator.nextProbe(nowNs);
            long idleNs = estimator.probeIdleNs(lane);
            nowNs += Math.min(idleNs, 60 * SECOND);
            boolean closed = idleNs >= 60 * SECOND;
            estimator.onOutcome(
                    lane, closed ? ProbeOutcome.CLOSED : ProbeOutcome.PROVEN, Math.min(idleNs, 60 * SECOND), nowNs);
        }
        assertEquals(SearchState.SETTLED, estimator.state());
        assertEquals(59, estimator.estimateNs() / 1e9, 2);
    }

    @Test
    void onOutcome_closedOnceByARestart_isTriedAgain() {
        Search search = new Search(6, 900 * SECOND, 0);
        search.start();
        for (long[] flight : List.copyOf(search.flights)) {
            search.estimator.onOutcome((int) flight[0], ProbeOutcome.CLOSED, 17 * SECOND, 17 * SECOND);
        }
        search.flights.clear();
        search.nowNs = 17 * SECOND;
        search.settle();
        assertEquals(900, search.estimator.estimateNs() / 1e9, 18);
    }

    @Test
    void onOutcome_refused_usesFewerLanes() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 4);
        for (int lane = 0; lane < 4; lane++) {
            assertTrue(estimator.nextProbe(0) >= 0);
        }
        for (int lane = 0; lane < 4; lane++) {
            estimator.onOutcome(lane, ProbeOutcome.REFUSED, 0, 0);
        }
        long nowNs = estimator.delayUntilNextNs(0);
        assertTrue(estimator.nextProbe(nowNs) >= 0);
        assertEquals(-1, estimator.nextProbe(nowNs));
    }

    @Test
    void onOutcome_provenMuchTooEarly_backsOffAndProvesNoMore() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 1);
        int lane = estimator.nextProbe(0);
        estimator.onOutcome(lane, ProbeOutcome.PROVEN, SECOND / 50, SECOND);
        assertEquals(-1, estimator.nextProbe(SECOND), "a server that answers at once is not asked again at once");
        assertFalse(estimator.isProven());

        long nowNs = SECOND + estimator.delayUntilNextNs(SECOND);
        lane = estimator.nextProbe(nowNs);
        estimator.onOutcome(lane, ProbeOutcome.PROVEN, 8 * SECOND, nowNs);
        assertEquals(8 * SECOND, estimator.estimateNs());
        assertEquals(30 * SECOND, estimator.delayUntilNextNs(nowNs));
    }

    @Test
    void onOutcome_closedWhileBackingOff_doesNotCutThePauseShort() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 2);
        int refused = estimator.nextProbe(0);
        int closed = estimator.nextProbe(0);
        estimator.onOutcome(refused, ProbeOutcome.REFUSED, 0, 0);
        long pauseNs = estimator.delayUntilNextNs(0);
        estimator.onOutcome(closed, ProbeOutcome.CLOSED, 9 * SECOND, 0);
        assertEquals(pauseNs, estimator.delayUntilNextNs(0));
    }

    @Test
    void restore_trusted_operatesAtOnceAndIsTriedAgain() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 6);
        estimator.restore(new NetworkProfile(590 * SECOND, 600 * SECOND, 0, 1, 0), true);

        assertEquals(583 * SECOND, estimator.intervalNs(SLACK));
        int lane = estimator.nextProbe(0);
        assertEquals(590 * SECOND, estimator.probeIdleNs(lane));
        assertEquals(-1, estimator.nextProbe(0));
        estimator.onOutcome(lane, ProbeOutcome.PROVEN, 590 * SECOND, 590 * SECOND);
        assertEquals(SearchState.SETTLED, estimator.state());
        assertEquals(2, estimator.profile(0, 0).confidence());
    }

    @Test
    void restore_guess_staysSafeUntilProven() {
        NatTimeoutEstimator estimator = NatTimeoutEstimator.create(bounds(), 6);
        estimator.restore(new NetworkProfile(590 * SECOND, 600 * SECOND, 0, 1, 0), false);

        assertEquals(10 * SECOND, estimator.intervalNs(SLACK));
        assertEquals(590 * SECOND, estimator.estimateNs());
    }

    @Test
    void create_badLanes_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> NatTimeoutEstimator.create(bounds(), 0));
        assertThrows(IllegalArgumentException.class, () -> NatTimeoutEstimator.create(bounds(), 65));
    }
}
