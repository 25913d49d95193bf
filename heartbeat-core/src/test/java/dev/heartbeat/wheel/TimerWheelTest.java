package dev.heartbeat.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {

    private static final long TICK = 16_000_000L;
    private static final long HOUR = 3_600_000_000_000L;
    private static final int ALL = Integer.MAX_VALUE;

    private final List<Integer> fired = new ArrayList<>();
    private final ExpiryHandler record = (id, nowNs) -> fired.add(id);

    private static TimerWheel wheel(long startNs) {
        return TimerWheel.builder().startNs(startNs).build();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void advance_bothSidesOfTheTick_firesOnIt(long start) {
        TimerWheel wheel = wheel(start);
        wheel.schedule(3, start + 10 * TICK);

        assertEquals(0, wheel.advance(start + 10 * TICK - 1, ALL, record));
        assertEquals(List.of(), fired);
        assertEquals(1, wheel.advance(start + 10 * TICK, ALL, record));
        assertEquals(List.of(3), fired);
        assertEquals(0, wheel.advance(start + 11 * TICK, ALL, record));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void advance_deadlineInsideATick_firesWhenTheNextBegins(long start) {
        TimerWheel wheel = wheel(start);
        wheel.schedule(0, start + 10 * TICK + 1);
        wheel.schedule(1, start + 11 * TICK);

        wheel.advance(start + 11 * TICK - 1, ALL, record);
        assertEquals(List.of(), fired);
        wheel.advance(start + 11 * TICK, ALL, record);
        assertEquals(2, fired.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void advance_coarseDeadline_firesOnItsTick(long start) {
        TimerWheel wheel = wheel(start);
        long[] deadlines = {4095, 4096, 4097, 256 * 20, 256 * 20 + 255, 256 * 4095, 256 * 4096, 256 * 5000 + 7};
        for (int id = 0; id < deadlines.length; id++) {
            wheel.schedule(id, start + deadlines[id] * TICK);
        }
        for (int id = 0; id < deadlines.length; id++) {
            wheel.advance(start + deadlines[id] * TICK - 1, ALL, record);
            assertEquals(id, fired.size());
            wheel.advance(start + deadlines[id] * TICK, ALL, record);
            assertEquals(id + 1, fired.size());
            assertEquals(id, fired.get(id));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void advance_overHalfTheRangeAgainAndAgain_firesOnTime(long start) {
        TimerWheel wheel = wheel(start);
        long now = start;
        for (int round = 1; round <= 6; round++) {
            long deadline = now + Long.MAX_VALUE / 2;
            wheel.schedule(5, deadline);
            wheel.advance(deadline - 1 - TICK, ALL, record);
            assertEquals(round - 1, fired.size());
            now = deadline + TICK;
            wheel.advance(now, ALL, record);
            assertEquals(round, fired.size());
        }
    }

    @Test
    void advance_deadlineInThePast_firesAtTheNextTick() {
        TimerWheel wheel = wheel(0);
        wheel.advance(10 * TICK + 5, ALL, record);
        wheel.schedule(0, 3);
        wheel.schedule(1, 10 * TICK + 5);
        wheel.schedule(2, 10 * TICK + 5 - Long.MAX_VALUE / 2);

        wheel.advance(11 * TICK - 1, ALL, record);
        assertEquals(0, fired.size());
        wheel.advance(11 * TICK, ALL, record);
        assertEquals(3, fired.size());
    }

    @Test
    void advance_backwards_changesNothing() {
        TimerWheel wheel = wheel(0);
        wheel.advance(100 * TICK, ALL, record);
        wheel.schedule(0, 101 * TICK);

        assertEquals(0, wheel.advance(0, ALL, record));
        assertEquals(0, wheel.advance(-HOUR, ALL, record));
        wheel.schedule(1, 50 * TICK);
        assertEquals(101 * TICK, wheel.deadlineNs(1));
        assertEquals(2, wheel.advance(101 * TICK, ALL, record));
    }

    @Test
    void advance_backwardsWithWorkLeft_goesOnAndTellsTheLatestInstant() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, TICK);
        wheel.schedule(1, TICK);
        wheel.advance(2 * TICK, 1, record);
        List<Long> told = new ArrayList<>();
        wheel.advance(0, 1, (id, nowNs) -> told.add(nowNs));
        assertEquals(List.of(2 * TICK), told);
    }

    @Test
    void advance_limit_stopsAndGoesOnWhereItStopped() {
        TimerWheel wheel = wheel(0);
        for (int id = 0; id < 300; id++) {
            wheel.schedule(id, (1 + id % 3) * TICK);
        }
        assertEquals(7, wheel.advance(HOUR, 7, record));
        assertEquals(7, fired.size());
        assertEquals(0, wheel.delayUntilNextNs(HOUR));
        assertEquals(293, wheel.size());
        assertEquals(293, wheel.advance(HOUR, 1000, record));
        assertEquals(300, fired.stream().distinct().count());
        for (int i = 0; i < 300; i++) {
            assertEquals(i / 100, fired.get(i) % 3, "ticks in order");
        }
    }

    @Test
    void advance_limit_countsMovedAndDroppedEntries() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, 2 * TICK);
        wheel.schedule(0, 9 * TICK);
        wheel.schedule(1, 2 * TICK);
        wheel.cancel(1);
        wheel.schedule(2, 2 * TICK);
        wheel.schedule(2, TICK);

        assertEquals(1, wheel.advance(TICK, ALL, record));
        assertEquals(3, wheel.advance(2 * TICK, ALL, record));
        assertEquals(List.of(2), fired);
        assertEquals(1, wheel.entries());
        assertEquals(1, wheel.advance(9 * TICK, ALL, record));
        assertEquals(List.of(2, 0), fired);
    }

    @Test
    void advance_longGap_visitsWhatIsDueAndNotTheTicks() {
        TimerWheel wheel = wheel(0);
        for (int id = 0; id < 1000; id++) {
            wheel.schedule(id, id * 60 * TICK);
        }
        long now = Long.MAX_VALUE / 2;
        int visited = wheel.advance(now, ALL, (id, nowNs) -> {
            fired.add(id);
            wheel.schedule(id, nowNs + HOUR);
        });
        assertEquals(1000, fired.size());
        assertTrue(visited <= 3 * 1000, () -> "visited " + visited);
        assertEquals(1000, wheel.size());
        wheel.advance(now + HOUR - TICK, ALL, record);
        assertEquals(1000, fired.size());
        wheel.advance(now + HOUR + TICK, ALL, record);
        assertEquals(2000, fired.size());
    }

    @Test
    void advance_longGapInSmallSteps_servesThoseSetMeanwhile() {
        TimerWheel wheel = wheel(0);
        for (int id = 0; id < 500; id++) {
            wheel.schedule(id, id * 60 * TICK);
        }
        int[] rounds = new int[500];
        for (long now = 100 * HOUR; now < 1000 * HOUR; now += HOUR) {
            wheel.advance(now, 20, (id, nowNs) -> {
                if (rounds[id]++ == 0) {
                    wheel.schedule(id, nowNs + HOUR);
                }
            });
            assertEquals(wheel.scheduledCount(), wheel.firedCount() + wheel.size());
        }
        for (int count : rounds) {
            assertEquals(2, count);
        }
        assertEquals(0, wheel.entries());
    }

    @Test
    void advance_handlerSetsItselfInThePast_firesInTheNextAdvance() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, TICK);
        ExpiryHandler again = (id, nowNs) -> {
            fired.add(id);
            wheel.schedule(id, 0);
        };
        assertEquals(1, wheel.advance(5 * TICK, ALL, again));
        assertEquals(0, wheel.advance(5 * TICK, ALL, again));
        assertEquals(1, wheel.advance(6 * TICK, ALL, again));
        assertEquals(2, fired.size());
    }

    @Test
    void advance_handlerCancelsOneThatIsDueToo_itDoesNotFire() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, TICK);
        wheel.schedule(1, TICK);
        wheel.advance(TICK, ALL, (id, nowNs) -> {
            fired.add(id);
            assertTrue(wheel.cancel(1 - id));
            assertFalse(wheel.cancel(id));
        });
        assertEquals(1, fired.size());
        assertEquals(0, wheel.size());
        assertEquals(0, wheel.entries());
    }

    @Test
    void advance_handlerPostponesOneThatIsDueToo_itFiresThen() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, TICK);
        wheel.schedule(1, TICK);
        wheel.advance(TICK, ALL, (id, nowNs) -> {
            fired.add(id);
            wheel.schedule(1 - id, 3 * TICK);
        });
        assertEquals(1, fired.size());
        wheel.advance(3 * TICK - 1, ALL, record);
        assertEquals(1, fired.size());
        wheel.advance(3 * TICK, ALL, record);
        assertEquals(2, fired.stream().distinct().count());
    }

    @Test
    void advance_handlerThrows_itsTimerHasFiredAndTheOthersFollow() {
        TimerWheel wheel = wheel(0);
        for (int id = 0; id < 5; id++) {
            wheel.schedule(id, TICK);
        }
        ExpiryHandler throwing = (id, nowNs) -> {
            fired.add(id);
            if (id == 2) {
                throw new IllegalStateException("boom");
            }
        };
        assertThrows(IllegalStateException.class, () -> wheel.advance(TICK, ALL, throwing));
        assertEquals(5 - fired.size(), wheel.size());
        assertFalse(wheel.isScheduled(2));
        assertEquals(0, wheel.delayUntilNextNs(TICK));
        wheel.advance(TICK, ALL, throwing);
        assertEquals(5, fired.stream().distinct().count());
        assertEquals(5, fired.size());
        assertEquals(5, wheel.firedCount());
    }

    @Test
    void advance_manyDue_readsEachAheadBeforeItFires() {
        TimerWheel wheel = wheel(0);
        for (int id = 0; id < 500; id++) {
            wheel.schedule(id, TICK);
        }
        boolean[] read = new boolean[500];
        int fires = wheel.advance(TICK, ALL, new ExpiryHandler() {
            @Override
            public void onExpiry(int id, long nowNs) {
                assertTrue(read[id], () -> "timer " + id);
            }

            @Override
            public long readAhead(int id) {
                read[id] = true;
                return id;
            }
        });
        assertEquals(500, fires);
    }

    @Test
    void advance_fromAHandler_isRefused() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, TICK);
        assertThrows(
                IllegalStateException.class,
                () -> wheel.advance(TICK, ALL, (id, nowNs) -> wheel.advance(nowNs, ALL, record)));
        wheel.schedule(1, 2 * TICK);
        assertEquals(1, wheel.advance(2 * TICK, ALL, record));
    }

    @Test
    void schedule_earlierThenLater_firesOnceAndLater() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, 100 * TICK);
        wheel.schedule(0, 50 * TICK);
        assertEquals(2, wheel.entries());
        assertEquals(1, wheel.staleEntries());
        wheel.schedule(0, 100 * TICK);
        wheel.advance(50 * TICK, ALL, record);
        assertEquals(0, fired.size());
        wheel.advance(100 * TICK, ALL, record);
        assertEquals(List.of(0), fired);
        assertEquals(0, wheel.entries());
        assertEquals(1, wheel.scheduledCount());
        assertEquals(2, wheel.rescheduledCount());
    }

    @Test
    void advance_staleEntryOfATimerThatIsSet_isDropped() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(0, 100 * TICK);
        wheel.schedule(0, 50 * TICK);
        wheel.schedule(0, 200 * TICK);
        assertEquals(1, wheel.advance(50 * TICK, ALL, record));
        assertEquals(2, wheel.entries());
        assertEquals(1, wheel.advance(100 * TICK, ALL, record));
        assertEquals(1, wheel.entries());
        assertEquals(1, wheel.advance(200 * TICK, ALL, record));
        assertEquals(List.of(0), fired);
    }

    @Test
    void schedule_afterCancelAtTheSameTick_usesTheSameEntry() {
        TimerWheel wheel = wheel(0);
        for (int i = 0; i < 1000; i++) {
            wheel.schedule(7, 60 * TICK);
            assertTrue(wheel.cancel(7));
            assertFalse(wheel.cancel(7));
        }
        wheel.schedule(7, 60 * TICK);
        assertEquals(1, wheel.entries());
        wheel.advance(60 * TICK, ALL, record);
        assertEquals(List.of(7), fired);
        assertEquals(1001, wheel.scheduledCount());
        assertEquals(1000, wheel.cancelledCount());
        assertEquals(1, wheel.firedCount());
    }

    @Test
    void cancel_thenScheduleEarlier_theOldEntryTouchesNothing() {
        TimerWheel wheel = wheel(0);
        wheel.schedule(7, 60 * TICK);
        wheel.cancel(7);
        wheel.schedule(7, 10 * TICK);
        wheel.advance(10 * TICK, ALL, record);
        wheel.schedule(7, 70 * TICK);
        wheel.advance(60 * TICK, ALL, record);
        assertEquals(List.of(7), fired);
        wheel.advance(70 * TICK, ALL, record);
        assertEquals(List.of(7, 7), fired);
    }

    @Test
    void delayUntilNext_variousTimers_isNeverTooLong() {
        TimerWheel wheel = wheel(0);
        assertEquals(Long.MAX_VALUE, wheel.delayUntilNextNs(0));
        wheel.schedule(0, 10 * HOUR);
        long delay = wheel.delayUntilNextNs(0);
        assertTrue(delay > HOUR && delay <= 10 * HOUR, () -> "delay " + delay);
        wheel.schedule(1, 30_000_000_000L);
        assertEquals(30_000_000_000L, wheel.delayUntilNextNs(0), TICK);
        wheel.schedule(2, 5 * TICK - 3);
        assertEquals(5 * TICK, wheel.delayUntilNextNs(0));
        assertEquals(5 * TICK - 17, wheel.delayUntilNextNs(17));
        assertEquals(0, wheel.delayUntilNextNs(5 * TICK));
        assertEquals(0, wheel.delayUntilNextNs(6 * TICK));
        wheel.cancel(0);
        wheel.cancel(1);
        wheel.cancel(2);
        assertEquals(Long.MAX_VALUE, wheel.delayUntilNextNs(0));
    }

    @Test
    void deadlineNs_ofATimer_isItsTickOrRefused() {
        TimerWheel wheel = wheel(-5);
        wheel.schedule(0, 10 * TICK);
        assertEquals(11 * TICK - 5, wheel.deadlineNs(0));
        wheel.cancel(0);
        assertThrows(IllegalStateException.class, () -> wheel.deadlineNs(0));
        assertThrows(IllegalStateException.class, () -> wheel.deadlineNs(100));
    }

    @Test
    void ids_beyondTheCapacity_areRefused() {
        TimerWheel wheel = TimerWheel.builder().capacity(1000).startNs(0).build();
        wheel.schedule(999, TICK);
        assertTrue(wheel.isScheduled(999));
        assertFalse(wheel.isScheduled(998));
        for (int id : new int[] {-1, 1000, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            Exception refused = assertThrows(IllegalArgumentException.class, () -> wheel.schedule(id, TICK));
            assertEquals("id: " + id + " (expected: 0 to 999)", refused.getMessage());
            assertThrows(IllegalArgumentException.class, () -> wheel.cancel(id));
            assertThrows(IllegalArgumentException.class, () -> wheel.isScheduled(id));
            assertThrows(IllegalArgumentException.class, () -> wheel.deadlineNs(id));
        }
        assertEquals(1, wheel.size());
        assertEquals(1, wheel.scheduledCount());
    }

    @Test
    void advance_badArguments_areRefused() {
        TimerWheel wheel = wheel(0);
        assertThrows(IllegalArgumentException.class, () -> wheel.advance(0, 0, record));
        assertThrows(IllegalArgumentException.class, () -> wheel.advance(0, -1, record));
        assertThrows(NullPointerException.class, () -> wheel.advance(0, 1, null));
    }

    @Test
    void build_badMeasures_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> TimerWheel.builder().build());
        assertThrows(IllegalArgumentException.class, () -> TimerWheel.builder().capacity(0));
        assertThrows(IllegalArgumentException.class, () -> TimerWheel.builder().capacity((1 << 30) + 1));
        assertThrows(IllegalArgumentException.class, () -> TimerWheel.builder().tick(Duration.ofNanos(999_999)));
        assertThrows(
                IllegalArgumentException.class,
                () -> TimerWheel.builder().tick(Duration.ofMinutes(1).plusNanos(1)));
        assertThrows(NullPointerException.class, () -> TimerWheel.builder().tick(null));
    }
}
