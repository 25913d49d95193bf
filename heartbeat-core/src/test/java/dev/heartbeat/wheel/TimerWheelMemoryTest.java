package dev.heartbeat.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the buckets hold on to: little while it is needed, next to nothing afterwards. */
class TimerWheelMemoryTest {

    private static final long TICK = 16_000_000L;
    private static final int ALL = Integer.MAX_VALUE;
    private static final int TOLERATED = 4096;

    private final TimerWheel wheel = TimerWheel.builder().startNs(0).build();

    @Test
    void retained_manyTimers_isLittlePerTimer() {
        SplittableRandom random = new SplittableRandom(1);
        for (int id = 0; id < 1_000_000; id++) {
            wheel.schedule(id, random.nextLong(TICK, 3750 * TICK));
        }
        assertTrue(wheel.retainedInts() < 1_500_000, () -> "ints " + wheel.retainedInts());
    }

    @Test
    void retained_afterABurstInOneTick_isGivenBack() {
        for (int id = 0; id < 1_000_000; id++) {
            wheel.schedule(id, 100 * TICK);
        }
        assertTrue(wheel.retainedInts() > 1_000_000);
        assertEquals(1_000_000, wheel.advance(100 * TICK, ALL, (id, nowNs) -> {}));
        assertTrue(wheel.retainedInts() < 16_384, () -> "ints " + wheel.retainedInts());
    }

    @Test
    void retained_afterABurstOverManyTicks_isGivenBack() {
        for (int id = 0; id < 1_000_000; id++) {
            wheel.schedule(id, (id % 10_000) * TICK);
        }
        wheel.advance(20_000 * TICK, ALL, (id, nowNs) -> {});
        assertEquals(0, wheel.entries());
        assertTrue(wheel.retainedInts() < 16_384, () -> "ints " + wheel.retainedInts());
    }

    @Test
    void retained_afterABurstThatSomeSurvive_isGivenBackAsTheyMoveOn() {
        int every = 1_000;
        for (int id = 0; id < 1_000_000; id++) {
            wheel.schedule(id, (1 + id % 3750) * TICK);
        }
        for (int tick = 1; tick < 3 * 3750; tick++) {
            wheel.advance(tick * TICK, ALL, (id, nowNs) -> {
                if (id % every == 0) {
                    wheel.schedule(id, nowNs + 3750 * TICK);
                }
            });
        }
        assertEquals(1_000_000 / every, wheel.size());
        // A chunk each at worst, and the idle ones that are always kept.
        assertTrue(wheel.retainedInts() < 1_000 * 32 + 20_000, () -> "ints " + wheel.retainedInts());
    }

    @Test
    void retained_steadyFlow_staysTheSame() {
        for (int id = 0; id < 100_000; id++) {
            wheel.schedule(id, (1 + id % 3750) * TICK);
        }
        long most = 0;
        for (int tick = 1; tick < 20_000; tick++) {
            wheel.advance(tick * TICK, ALL, (id, nowNs) -> wheel.schedule(id, nowNs + 3750 * TICK));
            most = Math.max(most, wheel.retainedInts());
        }
        assertEquals(100_000, wheel.size());
        long bound = most;
        assertTrue(bound < 500_000, () -> "ints " + bound);
    }

    @Test
    void stale_everEarlier_isBounded() {
        int timers = 5_000;
        SplittableRandom random = new SplittableRandom(2);
        long most = 0;
        for (int i = 0; i < 2_000_000; i++) {
            int id = random.nextInt(timers);
            if (wheel.isScheduled(id) && wheel.deadlineNs(id) > 10 * TICK) {
                wheel.schedule(id, wheel.deadlineNs(id) - random.nextLong(TICK, 10 * TICK));
            } else {
                wheel.cancel(id);
                wheel.schedule(id, 1_000_000 * TICK - random.nextLong(0, 500_000) * TICK);
            }
            most = Math.max(most, wheel.staleEntries());
        }
        long bound = most;
        assertTrue(bound > TOLERATED, "the bound was put to the test");
        assertTrue(bound < (timers + TOLERATED) * 5L / 4, () -> "stale " + bound);
    }

    @Test
    void stale_doublesInOneBucket_areSweptToo() {
        int timers = 70;
        int travellers = 50;
        TimerWheel small = TimerWheel.builder().startNs(0).spareEntries(100).build();
        long far = 4000 * TICK;
        for (int id = 0; id < timers; id++) {
            small.schedule(id, far);
        }
        for (int tick = 1; tick < 3000; tick++) {
            // An excursion to an earlier tick and back leaves two entries of the same id in one bucket.
            int id = tick % travellers;
            small.schedule(id, tick * TICK);
            assertEquals(1, fireAll(small, tick * TICK));
            small.schedule(id, far);
            assertTrue(small.staleEntries() <= timers + 100 + 40, () -> "stale " + small.staleEntries());
        }
        assertEquals(timers, fireAll(small, far));
    }

    @Test
    void stale_allCancelled_isBounded() {
        for (int id = 0; id < 1_000_000; id++) {
            wheel.schedule(id, (id % 10_000) * TICK);
        }
        for (int id = 0; id < 1_000_000; id++) {
            assertTrue(wheel.cancel(id));
        }
        assertEquals(0, wheel.size());
        assertTrue(wheel.entries() < 130_000, () -> "entries " + wheel.entries());
    }

    @Test
    void stale_asManyAsTheTimers_areLeftAlone_andOneMoreIsNot() {
        TimerWheel strict = TimerWheel.builder().startNs(0).spareEntries(0).build();
        strict.schedule(0, 10 * TICK);
        strict.schedule(1, 20 * TICK);
        strict.cancel(1);
        assertEquals(1, strict.staleEntries());
        strict.cancel(0);
        assertEquals(0, strict.entries());
    }

    @Test
    void stale_aloneAfterAMassExpiry_areSweptAFewAtATime() {
        TimerWheel strict = TimerWheel.builder().startNs(0).spareEntries(0).build();
        int many = 3_000;
        for (int id = 0; id < many; id++) {
            strict.schedule(id, TICK);
            strict.schedule(many + id, (2 + id) * TICK); // a bucket each
        }
        for (int id = 0; id < many; id++) {
            strict.cancel(many + id);
        }
        assertEquals(many, strict.staleEntries());
        assertEquals(many, fireAll(strict, TICK));
        assertEquals(many - 8, strict.entries());
        strict.schedule(0, 10_000 * TICK);
        assertEquals(many - 7, strict.entries());
        strict.cancel(0);
        assertEquals(many - 15, strict.entries());
    }

    private static int fireAll(TimerWheel wheel, long nowNs) {
        int[] fired = {0};
        wheel.advance(nowNs, ALL, (id, latestNs) -> fired[0]++);
        return fired[0];
    }
}
