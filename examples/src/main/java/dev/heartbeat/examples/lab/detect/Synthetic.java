package dev.heartbeat.examples.lab.detect;

import java.util.Locale;
import java.util.Random;

/**
 * Seeded traces with the statistics of published ones.
 *
 * <p>WAN: the Switzerland to Japan week of N. Hayashibara et al., SRDS 2004: period 103.5 ms, round trips of 283 ± 27 ms
 * from 270 to 718, 0.4 % lost in bursts of up to 1093. LAN: 20 ms, nothing lost. Mobile and Wi-Fi: round trips of
 * 118 and 74 ms in the mean with long tails, and stalls after which everything that waited comes at once.
 */
enum Synthetic {
    WAN(103.501, 0.189, 135, 3.2, 1.1, 814 / 5.82e6, 0.545, 1093, 2e-4, 40, 400),
    LAN(20, 0.02, 0.08, 0.05, 0.6, 0, 1, 1, 2e-5, 2, 60),
    MOBILE(200, 0.5, 45, 11, 0.7, 4e-4, 1.6, 25, 4e-4, 150, 4600),
    WIFI(250, 1, 4, 20, 1.1, 2e-4, 0.9, 120, 1.2e-3, 150, 20_000);

    private static final double MEMORY = 0.9; // of the delay from one heartbeat to the next

    private final double periodMs;
    private final double sendJitterMs;
    private final double leastMs;
    private final double extraMs; // median of the part of the delay that varies
    private final double extraSpread;
    private final double burstChance;
    private final double burstShape;
    private final int longestBurst;
    private final double stallChance;
    private final double stallMs;
    private final double longestStallMs;

    Synthetic(
            double periodMs,
            double sendJitterMs,
            double leastMs,
            double extraMs,
            double extraSpread,
            double burstChance,
            double burstShape,
            int longestBurst,
            double stallChance,
            double stallMs,
            double longestStallMs) {
        this.periodMs = periodMs;
        this.sendJitterMs = sendJitterMs;
        this.leastMs = leastMs;
        this.extraMs = extraMs;
        this.extraSpread = extraSpread;
        this.burstChance = burstChance;
        this.burstShape = burstShape;
        this.longestBurst = longestBurst;
        this.stallChance = stallChance;
        this.stallMs = stallMs;
        this.longestStallMs = longestStallMs;
    }

    static Synthetic named(String name) {
        for (Synthetic one : values()) {
            if (one.name().equalsIgnoreCase(name.strip())) {
                return one;
            }
        }
        throw new IllegalArgumentException("--synth: " + name + " (expected: any of wan, lan, mobile, wifi)");
    }

    /** What was sent and what came. */
    @SuppressWarnings("ArrayRecordComponent") // carries columns; nobody compares or prints one
    record Times(long[] sentNs, long[] receivedNs) {}

    Times generate(int heartbeats, long seed) {
        Random random = new Random(seed * 31 + name().hashCode());
        long[] sentNs = new long[heartbeats];
        long[] receivedNs = new long[heartbeats];
        double mood = random.nextGaussian();
        double openMs = 0; // nothing comes before: the end of the latest stall
        double lastMs = 0;
        int toLose = 0;
        for (int i = 0; i < heartbeats; i++) {
            double sentMs = i * periodMs + Math.abs(sendJitterMs * random.nextGaussian());
            mood = MEMORY * mood + Math.sqrt(1 - MEMORY * MEMORY) * random.nextGaussian();
            double shiver = 0.7 * mood + Math.sqrt(1 - 0.49) * random.nextGaussian();
            double comesMs = sentMs + leastMs + extraMs * Math.exp(extraSpread * shiver);
            if (random.nextDouble() < stallChance) {
                openMs = Math.max(openMs, comesMs + heavy(random, stallMs, 1.2, longestStallMs));
            }
            if (toLose == 0 && random.nextDouble() < burstChance) {
                toLose = (int) heavy(random, 1, burstShape, longestBurst);
            }
            if (comesMs < openMs) {
                comesMs = Math.max(openMs, lastMs) + 0.05; // it waited with the others
            }
            sentNs[i] = Math.round(sentMs * 1e6);
            if (toLose > 0) {
                toLose--;
                receivedNs[i] = Trace.lost();
            } else {
                receivedNs[i] = Math.round(comesMs * 1e6);
                lastMs = Math.max(lastMs, comesMs);
            }
        }
        return new Times(sentNs, receivedNs);
    }

    Trace trace(int heartbeats, long seed) {
        Times times = generate(heartbeats, seed);
        String name = name().toLowerCase(Locale.ROOT);
        return Trace.of(name, Math.round(periodMs * 1e6), times.sentNs(), times.receivedNs());
    }

    /** Pareto's law from {@code least} on, cut at {@code most}. */
    private static double heavy(Random random, double least, double shape, double most) {
        double cut = 1 - Math.pow(least / most, shape);
        return least * Math.pow(1 - random.nextDouble() * cut, -1 / shape);
    }
}
