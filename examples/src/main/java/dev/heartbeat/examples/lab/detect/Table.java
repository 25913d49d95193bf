package dev.heartbeat.examples.lab.detect;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The results for people. */
final class Table {
    private final PrintWriter out;

    Table(PrintWriter out) {
        this.out = out;
    }

    /**
     * A block for each trace.
     *
     * @param at the detection times that were asked for, ms; empty for a sweep
     */
    void results(List<Trace> traces, List<Contender> contenders, List<Result> results, List<Double> at) {
        for (Trace trace : traces) {
            line(
                    "%s: period %.3f ms, %d heartbeats, %d fresh arrivals, mean delay %.1f ms",
                    trace.name(),
                    trace.periodNs() / 1e6,
                    trace.sentNs().length,
                    trace.arrivals().length,
                    trace.meanDelayNs() / 1e6);
            line(
                    "%-20s %12s %-18s %10s %10s %9s %12s %11s %12s",
                    "detector",
                    "setting",
                    "",
                    "TD mean ms",
                    "TD p99 ms",
                    "mistakes",
                    "per hour",
                    "mean ms",
                    "accuracy");
            int before = -1;
            for (Result result : results) {
                if (result.trace().equals(trace.name())) {
                    int now = nearest(at, result.tdMeanMs());
                    if (before >= 0 && now != before) {
                        out.println();
                    }
                    before = now;
                    print(result, contenders);
                }
            }
            out.println();
        }
        int missing = at.isEmpty() ? 0 : traces.size() * at.size() * contenders.size() - results.size();
        if (missing > 0) {
            line("%d combinations are not shown: no setting gives that detection time.", missing);
        }
        out.flush();
    }

    private static int nearest(List<Double> at, double ms) {
        int nearest = -1;
        for (int i = 0; i < at.size(); i++) {
            if (nearest < 0 || Math.abs(at.get(i) - ms) < Math.abs(at.get(nearest) - ms)) {
                nearest = i;
            }
        }
        return nearest;
    }

    private void print(Result result, List<Contender> contenders) {
        line(
                "%-20s %12.6g %-18s %10.1f %10.1f %9d %12.2f %11.1f %12.8f",
                result.detector(),
                result.setting(),
                knob(contenders, result.detector()),
                result.tdMeanMs(),
                result.tdP99Ms(),
                result.mistakes(),
                result.mistakesPerHour(),
                result.mistakeMeanMs(),
                result.queryAccuracy());
    }

    private static String knob(List<Contender> contenders, String name) {
        return contenders.stream()
                .filter(one -> one.name().equals(name))
                .map(Contender::knob)
                .findFirst()
                .orElse("");
    }

    /** A row for each detector, a column for each budget. */
    void pooled(List<PooledResult> results, List<Contender> contenders, double[] budgets) {
        line("Mistakes in a million heartbeats, one setting for all traces, by (TD - mean delay) / period:");
        StringBuilder head = new StringBuilder(String.format("%-20s", "detector"));
        for (double budget : budgets) {
            head.append(String.format(Locale.ROOT, " %10s %12s", budget, "(setting)"));
        }
        out.println(head);
        for (Contender one : contenders) {
            StringBuilder row = new StringBuilder(String.format("%-20s", one.name()));
            for (double budget : budgets) {
                PooledResult result = results.stream()
                        .filter(some -> some.detector().equals(one.name()) && some.budget() == budget)
                        .findFirst()
                        .orElse(null);
                row.append(
                        result == null
                                ? String.format("%24s", "-")
                                : String.format(
                                        Locale.ROOT,
                                        " %10.1f %12s",
                                        result.mistakesPerMillion(),
                                        String.format(Locale.ROOT, "(%.5g)", result.setting())));
            }
            out.println(row);
        }
        out.flush();
    }

    private void line(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
