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
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IntBucketsTest {

    private static final int BUCKETS = 200;

    @Property(tries = 100)
    void buckets_anyUse_areStacks(@ForAll long seed, @ForAll @IntRange(min = 1, max = BUCKETS) int used) {
        SplittableRandom random = new SplittableRandom(seed);
        IntBuckets buckets = new IntBuckets(BUCKETS);
        List<Deque<Integer>> model = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            model.add(new ArrayDeque<>());
        }
        int pushes = 60;
        for (int i = 0; i < 20_000; i++) {
            if (i % 1000 == 0) {
                pushes = random.nextInt(20, 80);
            }
            int bucket = random.nextInt(used);
            Deque<Integer> stack = model.get(bucket);
            if (random.nextInt(100) < pushes) {
                buckets.push(bucket, i);
                stack.push(i);
            } else if (!stack.isEmpty()) {
                assertEquals(stack.pop(), buckets.pop(bucket));
            } else {
                int full = random.nextInt(used);
                buckets.move(full, bucket);
                if (full != bucket) {
                    stack.addAll(model.get(full));
                    model.get(full).clear();
                }
            }
            assertEquals(stack.isEmpty(), buckets.isEmpty(bucket));
        }
        assertEquals(model.stream().mapToLong(Deque::size).sum(), buckets.total());
        compareSearch(buckets, model, random);
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            for (int value : model.get(bucket)) {
                assertEquals(value, buckets.pop(bucket));
            }
        }
        assertEquals(0, buckets.total());
        assertEquals(-1, buckets.firstOccupied(0, BUCKETS));
        assertTrue(buckets.retainedInts() < 16_384);
    }

    private static void compareSearch(IntBuckets buckets, List<Deque<Integer>> model, SplittableRandom random) {
        for (int i = 0; i < 200; i++) {
            int ring = random.nextInt(BUCKETS);
            int count = 1 + random.nextInt(BUCKETS - ring);
            int from = random.nextInt(count);
            int limit = 1 + random.nextInt(count);
            int expected = -1;
            for (int distance = 0; distance < limit && expected < 0; distance++) {
                if (!model.get(ring + (from + distance) % count).isEmpty()) {
                    expected = distance;
                }
            }
            assertEquals(expected, buckets.nextOccupied(ring, count, from, limit));
        }
    }

    @Test
    void nextOccupied_acrossTheRing_findsTheFirst() {
        IntBuckets buckets = new IntBuckets(BUCKETS);
        buckets.push(70, 1);
        assertEquals(5, buckets.nextOccupied(64, 64, 1, 64));
        assertEquals(-1, buckets.nextOccupied(64, 64, 1, 5));
        assertEquals(63, buckets.nextOccupied(64, 64, 7, 64));
        assertEquals(-1, buckets.nextOccupied(64, 64, 7, 63));
        assertEquals(0, buckets.nextOccupied(64, 64, 6, 1));
    }

    @Test
    void push_oneBucket_retainsHardlyMoreThanItHolds() {
        IntBuckets buckets = new IntBuckets(BUCKETS);
        for (int i = 0; i < 1_000_000; i++) {
            buckets.push(0, i);
        }
        assertTrue(buckets.retainedInts() < 1_040_000, () -> "ints " + buckets.retainedInts());
    }
}
