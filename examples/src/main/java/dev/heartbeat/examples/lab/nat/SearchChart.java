package dev.heartbeat.examples.lab.nat;

import dev.heartbeat.interval.nat.ProbeOutcome;
import java.util.Locale;

/** One search as a picture: what was probed when, and the interval of the user's connection below it. */
final class SearchChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;
    private static final int LEFT = 70;
    private static final int TOP = 60;
    private static final int RIGHT = WIDTH - 30;
    private static final int BOTTOM = HEIGHT - 60;

    private final StringBuilder svg = new StringBuilder();
    private final double endS;
    private final double lowS;
    private final double highS;

    private SearchChart(double endS, double lowS, double highS) {
        this.endS = endS;
        this.lowS = lowS;
        this.highS = highS;
    }

    static String svg(StrategyRun.Story story) {
        Outcome outcome = story.outcome();
        double stableS =
                Double.isNaN(outcome.stableAfterH()) ? outcome.days() * 86_400 : outcome.stableAfterH() * 3_600;
        double beganS = outcome.scenario().searchedFromNs() / 1e9;
        double endS = Math.max(120, (beganS + stableS) * 1.12);
        double highS = outcome.timeoutS();
        for (SimulatedProber.Trace probe : story.probes()) {
            if (probe.startNs() / 1e9 < endS) {
                highS = Math.max(highS, probe.idleNs() / 1e9);
            }
        }
        return new SearchChart(endS, 4, highS * 1.3).draw(story);
    }

    private String draw(StrategyRun.Story story) {
        Outcome outcome = story.outcome();
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        add(
                "<text x=\"%d\" y=\"24\" font-size=\"16\">One search: timeout %s s, %s %% loss, seed %d</text>",
                LEFT,
                Report.trimmed(outcome.timeoutS()),
                Report.trimmed(outcome.scenario().loss() * 100),
                outcome.seed());
        add(
                "<text x=\"%d\" y=\"44\" fill=\"#555\">estimate %.1f s, interval %.1f s, %d probes, stable after %.2f h,"
                        + " %s drops</text>",
                LEFT,
                outcome.estimateS(),
                outcome.intervalS(),
                outcome.probes(),
                outcome.stableAfterH(),
                Report.trimmed((outcome.natDropsPerDay() + outcome.falseDropsPerDay()) * outcome.days()));
        axes();
        truth(outcome.scenario());
        for (SimulatedProber.Trace probe : story.probes()) {
            probe(probe);
        }
        interval(story);
        legend();
        return svg.append("</svg>\n").toString();
    }

    private void axes() {
        add("<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#333\"/>", LEFT, TOP, BOTTOM, RIGHT);
        for (double s : new double[] {5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000}) {
            if (s > lowS && s < highS) {
                add("<path d=\"M%d %.1f H%d\" stroke=\"#eee\"/>", LEFT, y(s), RIGHT);
                add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f s</text>", LEFT - 6, y(s) + 4, s);
            }
        }
        double step = 60;
        for (double candidate : new double[] {60, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400}) {
            step = candidate;
            if (endS / candidate <= 12) {
                break;
            }
        }
        for (double s = 0; s <= endS; s += step) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s min</text>",
                    x(s), BOTTOM + 18, Report.trimmed(s / 60));
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">time</text>", (LEFT + RIGHT) / 2, BOTTOM + 36);
    }

    private void truth(Scenario scenario) {
        double changeS = Math.min(endS, scenario.change().atNs() / 1e9);
        add(
                "<path d=\"M%.1f %.1f H%.1f\" stroke=\"#b00\" stroke-dasharray=\"6 4\"/>",
                x(0), y(scenario.timeoutNs() / 1e9), x(changeS));
        if (changeS < endS) {
            add(
                    "<path d=\"M%.1f %.1f H%.1f\" stroke=\"#b00\" stroke-dasharray=\"6 4\"/>",
                    x(changeS), y(scenario.change().timeoutNs() / 1e9), x(endS));
        }
    }

    private void probe(SimulatedProber.Trace probe) {
        double startS = probe.startNs() / 1e9;
        double finishS = Math.min(endS, probe.endNs() / 1e9);
        if (startS >= endS) {
            return;
        }
        double y = y(probe.idleNs() / 1e9);
        String colour = probe.outcome() == ProbeOutcome.PROVEN
                ? "#2a7"
                : probe.outcome() == ProbeOutcome.LOST ? "#d62" : "#999";
        add("<path d=\"M%.1f %.1f H%.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>", x(startS), y, x(finishS), colour);
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x(finishS), y, colour);
    }

    private void interval(StrategyRun.Story story) {
        StringBuilder path = new StringBuilder();
        for (StrategyRun.Step step : story.steps()) {
            double atS = step.atNs() / 1e9;
            if (atS >= endS) {
                break;
            }
            double y = y(step.intervalNs() / 1e9);
            path.append(String.format(Locale.ROOT, path.length() == 0 ? "M%.1f %.1f" : "H%.1f V%.1f", x(atS), y));
        }
        add("<path d=\"%s H%d\" fill=\"none\" stroke=\"#15c\" stroke-width=\"2.5\"/>", path, RIGHT);
    }

    private void legend() {
        String[][] entries = {
            {"#15c", "interval of the user's connection"},
            {"#2a7", "side probe, heard"},
            {"#d62", "side probe, lost"},
            {"#b00", "the path's timeout"}
        };
        int x = LEFT + 10;
        for (String[] entry : entries) {
            add("<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>", x, HEIGHT - 14, entry[0]);
            add("<text x=\"%d\" y=\"%d\">%s</text>", x + 20, HEIGHT - 8, entry[1]);
            x += 60 + 7 * entry[1].length();
        }
    }

    private double x(double s) {
        return LEFT + (RIGHT - LEFT) * s / endS;
    }

    private double y(double s) {
        return BOTTOM - (BOTTOM - TOP) * Math.log(s / lowS) / Math.log(highS / lowS);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
