package dev.heartbeat.examples.lab.demo;

import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** How many connections the clients believed in, and the server held, all through the run. */
final class PopulationChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 300;
    private static final int LEFT = 48;
    private static final int RIGHT = 16;
    private static final int TOP = 44;
    private static final int BOTTOM = 34;

    private final Run run;
    private final double mostMs;
    private final int mostPeople;
    private final double fewestPeople;

    private PopulationChart(Run run) {
        this.run = run;
        mostMs = Math.max(1, run.endMs());
        mostPeople = Math.max(10, (int) (1.08
                * run.population().stream()
                        .mapToInt(sample -> Math.max(sample.atServer(), sample.atClients()))
                        .max()
                        .orElse(1)));
        // From the first full house on: how it filled is of no interest, what it lost is.
        fewestPeople = 0.85
                * run.population().stream()
                        .dropWhile(sample -> sample.atMs() < run.stallFromMs() / 6)
                        .takeWhile(sample -> sample.atMs() < run.stallToMs())
                        .mapToInt(sample -> Math.min(sample.atServer(), sample.atClients()))
                        .min()
                        .orElse(0);
    }

    static String of(Run run) {
        return new PopulationChart(run).draw();
    }

    private double x(double ms) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, ms / mostMs);
    }

    private double y(double people) {
        double share = Math.max(0, (people - fewestPeople) / (mostPeople - fewestPeople));
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
    }

    private String draw() {
        Svg svg = new Svg(WIDTH, HEIGHT, "Connections over time");
        double peopleStep = Math.max(1, TimelineChart.niceStep((mostPeople - fewestPeople) * 1.6));
        for (double people = Math.ceil(fewestPeople / peopleStep) * peopleStep;
                people <= mostPeople;
                people += peopleStep) {
            svg.line("grid", LEFT, y(people), WIDTH - RIGHT, y(people));
            svg.words("tick", "end", LEFT - 8, y(people) + 4, String.format(Locale.ROOT, "%.0f", people));
        }
        double stepMs = TimelineChart.niceStep(mostMs);
        for (double ms = 0; ms <= mostMs; ms += stepMs) {
            svg.words("tick", "middle", x(ms), HEIGHT - 12, String.format(Locale.ROOT, "%.0f s", ms / 1000));
        }
        acts(svg);
        svg.path("server", points(Samples.Sample::atServer));
        svg.path("clients", points(Samples.Sample::atClients));
        return svg.end();
    }

    private void acts(Svg svg) {
        svg.box(
                "stall",
                x(run.stallFromMs()),
                TOP,
                x(run.stallToMs()) - x(run.stallFromMs()),
                HEIGHT - TOP - BOTTOM,
                "");
        svg.words("tick", "middle", x((run.stallFromMs() + run.stallToMs()) / 2), TOP - 8, "server stalls");
        mark(svg, Role.VANISHING, "vanish, hang", 8);
        mark(svg, Role.CUT_OFF, "cut off", 8);
        mark(svg, Role.SLOW, "slow", 24);
    }

    private void mark(Svg svg, Role role, String words, double above) {
        run.plan().acts().stream().filter(act -> act.role() == role).findFirst().ifPresent(act -> {
            double x = x(act.at().toNanos() / 1e6);
            svg.line("mark", x, TOP - above + 4, x, HEIGHT - BOTTOM);
            svg.words("tick", "start", x + 3, TOP - above, words);
        });
    }

    private String points(ToIntFunction<Samples.Sample> number) {
        StringBuilder points = new StringBuilder();
        List<Samples.Sample> all = run.population();
        double lastY = 0;
        for (int i = 0; i < all.size(); i++) {
            double x = x(all.get(i).atMs());
            double y = y(number.applyAsInt(all.get(i)));
            if (i == 0) {
                points.append(String.format(Locale.ROOT, "M%.1f %.1f", x, y));
            } else if (y != lastY || i == all.size() - 1) {
                points.append(String.format(Locale.ROOT, "H%.1fV%.1f", x, y));
            }
            lastY = y;
        }
        return points.toString();
    }
}
