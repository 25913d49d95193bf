package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CommandRingTest {
    private record Event(int kind, Long subject, long argument, long atNs) {}

    /** Above 0: so many offers; below: so many takes. */
    @Property(tries = 300)
    void ring_underAnyMixOfOffersAndTakes_isAQueue(
            @ForAll @IntRange(min = 2, max = 33) int capacity,
            @ForAll @Size(max = 60) List<@IntRange(min = -20, max = 20) Integer> mix) {
        CommandRing<Long> ring = new CommandRing<>(capacity);
        Queue<Event> model = new ArrayDeque<>();
        long count = Integer.MAX_VALUE;
        for (int some : mix) {
            for (int i = 0; i < some; i++) {
                Event event = new Event((int) count, count, -count, count * count);
                boolean room = model.size() < ring.capacity();
                assertEquals(room, ring.offer(event.kind, event.subject, event.argument, event.atNs));
                if (room) {
                    model.add(event);
                }
                count++;
            }
            for (int i = 0; i < -some; i++) {
                Event expected = model.poll();
                assertEquals(expected != null, ring.next());
                if (expected != null) {
                    assertEquals(expected, new Event(ring.kind(), ring.subject(), ring.argument(), ring.atNs()));
                }
            }
            assertEquals(!model.isEmpty(), ring.isClaimed());
        }
    }

    @Test
    void capacity_isRaisedToAPowerOfTwo() {
        assertEquals(2, new CommandRing<>(2).capacity());
        assertEquals(4, new CommandRing<>(3).capacity());
        assertEquals(64, new CommandRing<>(64).capacity());
        assertThrows(IllegalArgumentException.class, () -> new CommandRing<>(1));
    }

    @Test
    void subject_onceTaken_isLetGo() {
        CommandRing<String> ring = new CommandRing<>(2);
        ring.offer(1, "a", 2, 3);
        assertTrue(ring.next());
        assertSame("a", ring.subject());
        assertThrows(IllegalStateException.class, ring::subject);
        assertFalse(ring.next());
    }

    @Test
    @Timeout(60)
    void ring_fedByThreeThreads_losesNothingAndKeepsEachOnesOrder() throws InterruptedException {
        int producers = 3;
        int each = 100_000;
        CommandRing<Integer> ring = new CommandRing<>(64);
        AtomicLongArray refused = new AtomicLongArray(producers);
        CountDownLatch done = new CountDownLatch(producers);
        for (int p = 0; p < producers; p++) {
            Integer me = p;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    if (!ring.offer(me, me, i, ~(long) i)) {
                        refused.incrementAndGet(me);
                        Thread.yield();
                    }
                }
                done.countDown();
            });
            thread.setDaemon(true);
            thread.start();
        }
        long[] last = {-1, -1, -1};
        long[] taken = new long[producers];
        boolean over = false;
        while (true) {
            if (ring.next()) {
                int from = ring.subject();
                assertEquals(from, ring.kind());
                assertEquals(~ring.argument(), ring.atNs());
                assertTrue(ring.argument() > last[from], "out of order");
                last[from] = ring.argument();
                taken[from]++;
            } else if (over) {
                break;
            } else {
                over = done.await(0, TimeUnit.NANOSECONDS);
            }
        }
        for (int p = 0; p < producers; p++) {
            assertEquals(each, taken[p] + refused.get(p));
        }
    }
}
