package dev.heartbeat.reconnect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Any history, from any clock origin, against a model that counts from zero and in plain sums. */
class ReconnectPropertiesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long STABLE = 30 * SECOND;

    @Property(tries = 300)
    void delays_anyHistory_areBelowTheModelsCeilingAndWithinTheBudget(
            @From("origins") @ForAll long originNs,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int attempts,
            @ForAll @IntRange(min = 1, max = 600) int perSeconds) {
        ReconnectPolicy policy = ReconnectPolicy.builder()
                .initial(Duration.ofSeconds(1))
                .max(Duration.ofSeconds(60))
                .stableAfter(Duration.ofNanos(STABLE))
                .budget(attempts, Duration.ofSeconds(perSeconds))
                .build();
        Random events = new Random(seed);
        Reconnect reconnect = policy.start(originNs, seed);
        long atNs = 0; // the model's clock
        int failures = 0;
        long lastLossNs = 0;
        List<Long> attemptsAtNs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            double ceilingNs = Math.min(60.0, Math.pow(2, failures)) * SECOND;
            long delayNs = reconnect.nextDelayNs(originNs + atNs);
            boolean exhausted = reconnect.isExhausted(originNs + atNs);
            assertTrue(delayNs >= 0);
            assertTrue(exhausted || atNs + delayNs - lastLossNs < Math.max(ceilingNs, 1), "wait above its ceiling");
            if (delayNs > 0 && events.nextInt(4) == 0) {
                atNs += (long) (delayNs * events.nextDouble()); // a look in between changes nothing
                continue;
            }
            atNs += delayNs;
            assertEquals(0, reconnect.nextDelayNs(originNs + atNs));
            long epoch = reconnect.attempt(originNs + atNs);
            attemptsAtNs.add(atNs);
            assertEquals(attemptsAtNs.size(), epoch);
            atNs += events.nextInt(1_000_000_000);
            if (events.nextBoolean()) {
                assertTrue(reconnect.connected(epoch, originNs + atNs));
                long lastedNs = events.nextInt(3) == 0 ? STABLE - 1 + events.nextInt(2) : events.nextInt(1_000_000);
                atNs += lastedNs;
                failures = lastedNs >= STABLE ? 0 : failures + 1;
            } else {
                failures++;
            }
            assertTrue(reconnect.lost(epoch, originNs + atNs));
            assertEquals(failures, reconnect.failures());
            lastLossNs = atNs;
        }
        double perTokenNs = perSeconds * (double) SECOND / attempts;
        for (int from = 0; from < attemptsAtNs.size(); from++) {
            for (int to = from; to < attemptsAtNs.size(); to++) {
                double earned = (attemptsAtNs.get(to) - attemptsAtNs.get(from)) / perTokenNs;
                assertTrue(to - from + 1 <= attempts + earned + 1e-6, "more attempts than the budget allows");
            }
        }
    }

    @Property(tries = 200)
    void trace_fromAnyOrigin_isTheSame(@From("origins") @ForAll long originNs, @ForAll long seed) {
        assertEquals(trace(0, seed), trace(originNs, seed));
    }

    private static List<Long> trace(long originNs, long seed) {
        ReconnectPolicy policy =
                ReconnectPolicy.builder().budget(3, Duration.ofMinutes(2)).build();
        ReconnectPolicy other = ReconnectPolicy.builder()
                .max(Duration.ofSeconds(20))
                .budget(2, Duration.ofMinutes(1))
                .build();
        Reconnect reconnect = policy.start(originNs, seed);
        Random events = new Random(seed);
        List<Long> delays = new ArrayList<>();
        long nowNs = originNs;
        for (int i = 0; i < 80; i++) {
            long delayNs = reconnect.nextDelayNs(nowNs);
            delays.add(delayNs);
            switch (events.nextInt(8)) {
                case 0 -> reconnect.hurry(nowNs);
                case 1 -> reconnect.returnWithin(Duration.ofNanos(1L + events.nextInt(Integer.MAX_VALUE)), nowNs);
                case 2 -> reconnect.policy(events.nextBoolean() ? policy : other, nowNs);
                case 3 -> reconnect.connected(reconnect.epoch(), nowNs);
                case 4 -> reconnect.lost(reconnect.epoch(), nowNs);
                case 5 -> nowNs += events.nextInt(40) * SECOND;
                default -> {
                    if (delayNs != Reconnect.NEVER) {
                        nowNs += delayNs;
                        reconnect.attempt(nowNs);
                    }
                }
            }
        }
        return delays;
    }

    /** Ten thousand clients lose their server in one instant. */
    @Property(tries = 5)
    void herd_losesItsServer_comesBackSpread(@ForAll long seed) {
        int clients = 10_000;
        int buckets = 100;
        ReconnectPolicy policy =
                ReconnectPolicy.builder().initial(Duration.ofSeconds(10)).build();
        int[] first = new int[buckets];
        int[] second = new int[buckets];
        for (int i = 0; i < clients; i++) {
            Reconnect reconnect = policy.start(0, seed + i); // neighbouring seeds must not be neighbouring waits
            long delayNs = reconnect.nextDelayNs(0);
            long epoch = reconnect.attempt(delayNs);
            first[(int) (delayNs * buckets / (10 * SECOND))]++;
            reconnect.connected(epoch, delayNs);
            reconnect.lost(epoch, 20 * SECOND); // lasted 10 s or more: not stable
            second[(int) (reconnect.nextDelayNs(20 * SECOND) * buckets / (20 * SECOND))]++;
        }
        for (int[] histogram : new int[][] {first, second}) {
            int peak = 0;
            for (int count : histogram) {
                peak = Math.max(peak, count);
                assertTrue(count > 50, "a bucket with only " + count + " of about 100");
            }
            assertTrue(peak < 160, "peak of " + peak + " of about 100"); // six standard deviations
        }
    }

    @Provide
    Arbitrary<Long> origins() {
        return Arbitraries.oneOf(
                Arbitraries.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L),
                Arbitraries.longs());
    }
}
