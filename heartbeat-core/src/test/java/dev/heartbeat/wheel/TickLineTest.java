package dev.heartbeat.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class TickLineTest {

    @Property
    void dueTick_anyLength_isTheDivisionRoundedUp(
            @ForAll long originNs,
            @ForAll("ticks") long tickNs,
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long lengthNs) {
        TickLine line = new TickLine(tickNs, originNs);
        long rest = lengthNs % tickNs;
        assertEquals(lengthNs / tickNs + (rest == 0 ? 0 : 1), line.dueTick(originNs + lengthNs));
    }

    @Property
    void dueTick_aroundMultiples_isExact(
            @ForAll long originNs,
            @ForAll("ticks") long tickNs,
            @ForAll @LongRange(min = 2, max = 70_000_000) long ticks) {
        TickLine line = new TickLine(tickNs, originNs);
        long startNs = originNs + ticks * tickNs;
        assertEquals(ticks, line.dueTick(startNs - 1));
        assertEquals(ticks, line.dueTick(startNs));
        assertEquals(ticks + 1, line.dueTick(startNs + 1));
        assertEquals(startNs, line.startNs(ticks));
    }

    @Property
    void observe_anyLength_isTheDivisionRoundedDown(
            @ForAll long originNs,
            @ForAll("ticks") long tickNs,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long lengthNs) {
        TickLine line = new TickLine(tickNs, originNs);
        line.observe(originNs + lengthNs);
        assertEquals(lengthNs / tickNs, line.nowTick());
        assertEquals(originNs + lengthNs, line.nowNs());
        line.observe(originNs);
        assertEquals(lengthNs / tickNs, line.nowTick());
        assertEquals(line.nowTick() + 1, line.dueTick(originNs));
        assertEquals(originNs, line.startNs(0));
    }

    @Provide
    Arbitrary<Long> ticks() {
        return Arbitraries.longs().between(1_000_000L, 60_000_000_000L);
    }
}
