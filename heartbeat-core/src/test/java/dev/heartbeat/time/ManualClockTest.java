package dev.heartbeat.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManualClockTest {

    @ParameterizedTest
    @ValueSource(longs = {0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void nanoTime_untouched_standsAtItsOrigin(final long originNs) {
        final ManualClock clock = new ManualClock(originNs);

        assertEquals(originNs, clock.nanoTime());
        assertEquals(originNs, clock.nanoTime());
    }

    @Property
    void advance_anyOriginAndLength_differenceIsTheLength(@ForAll final long originNs, @ForAll final long lengthNs) {
        final ManualClock byLong = new ManualClock(originNs);
        final ManualClock byDuration = new ManualClock(originNs);

        assertEquals(originNs + lengthNs, byLong.advanceNs(lengthNs));
        assertEquals(originNs + lengthNs, byDuration.advance(Duration.ofNanos(lengthNs)));

        assertEquals(lengthNs, byLong.nanoTime() - originNs);
        assertEquals(lengthNs, byDuration.nanoTime() - originNs);
    }

    @Test
    void advance_twice_addsUp() {
        final ManualClock clock = new ManualClock(Long.MAX_VALUE);

        clock.advanceNs(1);
        clock.advance(Duration.ofNanos(2));

        assertEquals(Long.MIN_VALUE + 2, clock.nanoTime());
    }

    @Test
    void advance_longerThanALongOfNanoseconds_refusedAndClockStands() {
        final ManualClock clock = new ManualClock(5);

        assertThrows(ArithmeticException.class, () -> clock.advance(Duration.ofSeconds(Long.MAX_VALUE)));

        assertEquals(5, clock.nanoTime());
    }

    @Test
    void advance_null_refusedByName() {
        final NullPointerException refusal =
                assertThrows(NullPointerException.class, () -> new ManualClock(0).advance(null));

        assertEquals("length", refusal.getMessage());
    }

    @Test
    void setNs_backward_jumps() {
        final ManualClock clock = new ManualClock(5);

        clock.setNs(-7);

        assertEquals(-7, clock.nanoTime());
    }
}
