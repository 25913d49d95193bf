package dev.heartbeat.examples.lab.demo;

import java.util.List;
import java.util.Locale;

/** How long answers took, on links left alone and on those made slow; the buckets double. */
final class RoundTripChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 260;
    private static final int LEFT = 48;
    private static final int TOP = 20;
    private static final int BOTTOM = 40;
    private static final int BUCKETS = 16;
    private static final double FIRST_MS = 0.0625;

    private RoundTripChart() {}

    static String of(List<Journal.RoundTrip> roundTrips, double ackTimeoutMs) {
        int[] usual = new int[BUCKETS];
        int[] slow = new int[BUCKETS];
        for (Journal.RoundTrip trip : roundTrips) {
            (trip.slow() ? slow : usual)[bucket(trip.ns() / 1e6)]++;
        }
        int most = 1;
        for (int i = 0; i < BUCKETS; i++) {
            most = Math.max(most, Math.max(usual[i], slow[i]));
        }
        Svg svg = new Svg(WIDTH, HEIGHT, "Round trips");
        double step = (WIDTH - LEFT - 16.0) / BUCKETS;
        double scale = (HEIGHT - TOP - BOTTOM) / (double) most;
        double base = HEIGHT - BOTTOM;
        for (int i = 0; i < BUCKETS; i++) {
            double x = LEFT + i * step;
            double toMs = FIRST_MS * Math.pow(2, i);
            bar(svg, "usual", x + 2, step / 2 - 3, base, usual[i], scale, toMs);
            bar(svg, "slow", x + step / 2 + 1, step / 2 - 3, base, slow[i], scale, toMs);
            svg.words("tick", "middle", x + step, base + 18, label(toMs));
        }
        svg.line("axis", LEFT, base, WIDTH - 16, base);
        double ack = LEFT + step * (1 + Math.log(ackTimeoutMs / FIRST_MS) / Math.log(2));
        svg.line("mark", ack, TOP - 8, ack, base);
        svg.words("tick", "end", ack - 4, TOP, "ack timeout");
        return svg.end();
    }

    private static int bucket(double ms) {
        return (int) Math.max(0, Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_MS) / Math.log(2))));
    }

    private static void bar(
            Svg svg, String style, double x, double width, double base, int count, double scale, double toMs) {
        if (count > 0) {
            double height = Math.max(1.5, count * scale);
            svg.box(style, x, base - height, width, height, count + " round trips up to " + label(toMs));
            svg.words("tick", "middle", x + width / 2, base - height - 4, Integer.toString(count));
        }
    }

    private static String label(double ms) {
        return ms < 1
                ? String.format(Locale.ROOT, "%.0f µs", ms * 1000)
                : ms < 1000
                        ? String.format(Locale.ROOT, "%.0f ms", ms)
                        : String.format(Locale.ROOT, "%.1f s", ms / 1000);
    }
}
