package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StallGuardTest {
    private static final long TOLERANCE = 250 * MS;

    static long[] origins() {
        return Bench.origins();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void sinceLastTurn_lateByWhatIsTolerated_isNoStall(long originNs) {
        StallGuard guard = new StallGuard(TOLERANCE, originNs);
        assertEquals(0, guard.sinceLastTurn(guard.turn(originNs + SECOND + TOLERANCE), SECOND));
        assertEquals(SECOND + TOLERANCE, guard.awakeNs(originNs, originNs + SECOND + TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void sinceLastTurn_laterByAnything_takesTheWholeGapOut(long originNs) {
        StallGuard guard = new StallGuard(TOLERANCE, originNs);
        long gapNs = SECOND + TOLERANCE + 1;
        assertEquals(gapNs, guard.sinceLastTurn(guard.turn(originNs + gapNs), SECOND));
        assertEquals(0, guard.awakeNs(originNs, originNs + gapNs));
        assertEquals(7, guard.awakeNs(originNs - 7, originNs + gapNs));
        assertEquals(9, guard.awakeNs(originNs + gapNs, originNs + gapNs + 9));
        assertEquals(1, guard.stalls());
        assertEquals(gapNs, guard.stalledNs());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void sinceLastTurn_lateAgain_goesOnByWhatWasPlannedOrTolerated(long originNs) {
        StallGuard guard = new StallGuard(TOLERANCE, originNs);
        guard.sinceLastTurn(originNs + 10 * SECOND, 0);
        assertEquals(10 * SECOND - TOLERANCE, guard.sinceLastTurn(originNs + 20 * SECOND, 0));
        assertEquals(6 * SECOND, guard.sinceLastTurn(originNs + 30 * SECOND, 4 * SECOND));
        assertEquals(TOLERANCE + 4 * SECOND, guard.awakeNs(originNs, originNs + 30 * SECOND));
        assertEquals(0, guard.sinceLastTurn(originNs + 31 * SECOND, SECOND));
        assertEquals(10 * SECOND, guard.sinceLastTurn(originNs + 41 * SECOND, SECOND));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void sinceLastTurn_nothingPlanned_isNoStallHoweverLong(long originNs) {
        StallGuard guard = new StallGuard(TOLERANCE, originNs);
        assertEquals(0, guard.sinceLastTurn(originNs + 1_000_000 * SECOND, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void turn_clockBackward_goesOnFromTheLastTurn(long originNs) {
        StallGuard guard = new StallGuard(TOLERANCE, originNs);
        guard.sinceLastTurn(guard.turn(originNs + SECOND), SECOND);
        assertEquals(originNs + SECOND, guard.at(originNs - 5 * SECOND));
        assertEquals(originNs + SECOND, guard.turn(originNs - 5 * SECOND));
        assertEquals(originNs + 2 * SECOND, guard.at(originNs - 4 * SECOND));
        assertEquals(1, guard.backwardJumps());
    }

    /** However many stalls there were: exact as long as they are remembered one by one, nearly so from then on. */
    @Property(tries = 150)
    void awakeNs_afterManyStalls_isNearTheTruth(@ForAll(supplier = Origins.class) long originNs, @ForAll long seed) {
        Random random = new Random(seed);
        StallGuard guard = new StallGuard(TOLERANCE, originNs);
        int turns = 1 + random.nextInt(400);
        long[] atNs = new long[turns + 1];
        long[] awakeAt = new long[turns + 1];
        for (int i = 1; i <= turns; i++) {
            boolean stalled = i % 2 == 0;
            long gapNs = TOLERANCE + 1 + random.nextInt(1_000_000_000);
            atNs[i] = atNs[i - 1] + gapNs;
            awakeAt[i] = awakeAt[i - 1] + (stalled ? 0 : gapNs);
            guard.sinceLastTurn(originNs + atNs[i], stalled ? 0 : gapNs);
        }
        for (int i = turns; i >= 0; i--) {
            long truth = awakeAt[turns] - awakeAt[i];
            long told = guard.awakeNs(originNs + atNs[i], originNs + atNs[turns]);
            long ageNs = atNs[turns] - atNs[i];
            long toleratedNs = turns - i < 60 ? 1_000 : 3 * SECOND + ageNs / 8;
            assertTrue(Math.abs(truth - told) <= toleratedNs, truth + " told as " + told + ", age " + ageNs);
        }
    }
}
