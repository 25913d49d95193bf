package dev.heartbeat.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Held against a plain account of segments: which are there, and how many chunks each has lent. */
class ChunksTest {

    private static final int SEGMENT = 4096;
    private static final int PER_SEGMENT = SEGMENT / Chunks.SIZE;
    private static final int GONE = -1;

    private final Chunks chunks = new Chunks();
    private final List<Integer> lentOf = new ArrayList<>();
    private int lent;

    @Property(tries = 30)
    void chunks_anyUse_comeFromTheFirstSegmentWithRoom_andEmptyOnesAreGivenBack(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> held = new ArrayList<>();
        for (int phase = 0; phase < 12; phase++) {
            boolean grows = phase % 2 == 0;
            int steps = random.nextInt(1, 12_000);
            for (int i = 0; i < steps; i++) {
                if (held.isEmpty() || grows == (random.nextInt(8) != 0)) {
                    held.add(take());
                } else {
                    give(removeAny(held, random));
                }
            }
            assertEquals(retained(), chunks.retainedInts());
        }
        while (!held.isEmpty()) {
            give(removeAny(held, random));
        }
        assertEquals(retained(), chunks.retainedInts());
    }

    @Test
    void steadyUse_aroundASegmentsEdge_allocatesNothing() {
        Deque<Integer> held = new ArrayDeque<>();
        for (int i = 0; i < 5 * PER_SEGMENT; i++) {
            held.push(chunks.take());
        }
        long before = chunks.retainedInts();
        for (int i = 0; i < 3 * PER_SEGMENT; i++) {
            for (int k = 0; k < PER_SEGMENT + 1; k++) {
                chunks.give(held.pop());
            }
            assertEquals(before, chunks.retainedInts());
            for (int k = 0; k < PER_SEGMENT + 1; k++) {
                held.push(chunks.take());
            }
            assertEquals(before, chunks.retainedInts());
        }
    }

    @Test
    void burst_thatEndsWhileMuchIsLent_leavesAShareOfThatIdle() {
        Deque<Integer> held = new ArrayDeque<>();
        for (int i = 0; i < 40 * PER_SEGMENT; i++) {
            held.push(take());
        }
        for (int i = 0; i < 10 * PER_SEGMENT; i++) { // from the end, so that whole segments are free
            give(held.pop());
            assertEquals(retained(), chunks.retainedInts());
        }
        assertTrue(chunks.retainedInts() > 33 * SEGMENT, () -> "ints " + chunks.retainedInts());
    }

    @Test
    void bursts_oneAfterTheOther_useTheSamePlacesAgain() {
        for (int burst = 0; burst < 20; burst++) {
            Deque<Integer> held = new ArrayDeque<>();
            for (int i = 0; i < 20 * PER_SEGMENT; i++) {
                int place = chunks.take();
                assertTrue(place < 20 * SEGMENT, () -> "place " + place);
                held.push(place);
            }
            while (!held.isEmpty()) {
                chunks.give(held.pop());
            }
        }
    }

    private static int removeAny(List<Integer> held, SplittableRandom random) {
        int last = held.size() - 1;
        int index = random.nextInt(held.size());
        int place = held.get(index);
        held.set(index, held.get(last));
        held.remove(last);
        return place;
    }

    private int take() {
        int expected = segmentToLend();
        int place = chunks.take();
        assertEquals(0, Chunks.slot(place));
        assertEquals(expected, place / SEGMENT, "segment");
        lentOf.set(expected, lentOf.get(expected) + 1);
        lent++;
        for (int slot = 0; slot < Chunks.SIZE; slot++) {
            chunks.set(place + slot, place);
        }
        return place;
    }

    private int segmentToLend() {
        for (int i = 0; i < lentOf.size(); i++) {
            if (lentOf.get(i) != GONE && lentOf.get(i) < PER_SEGMENT) {
                return i;
            }
        }
        int gone = lentOf.indexOf(GONE);
        if (gone >= 0) {
            lentOf.set(gone, 0);
            return gone;
        }
        lentOf.add(0);
        return lentOf.size() - 1;
    }

    private void give(int place) {
        for (int slot = 0; slot < Chunks.SIZE; slot++) {
            assertEquals(place, chunks.get(place + slot), "nobody else wrote there");
        }
        chunks.give(place);
        int segment = place / SEGMENT;
        lentOf.set(segment, lentOf.get(segment) - 1);
        lent--;
        // What stays idle: an eighth of what is lent and two segments, or nothing that a whole segment has to itself.
        while (lentOf.contains(0) && idle() - PER_SEGMENT >= 2 * PER_SEGMENT + lent / 8) {
            lentOf.set(lentOf.indexOf(0), GONE);
        }
    }

    private int idle() {
        return (int) (retained() / Chunks.SIZE) - lent;
    }

    private long retained() {
        return lentOf.stream().filter(count -> count != GONE).count() * SEGMENT;
    }
}
