package dev.heartbeat.examples.lab.nat;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Outcomes as a table for people and as JSON for programs. */
final class Report {
    private Report() {}

    static void table(PrintWriter out, List<Outcome> outcomes, int repeat) {
        Map<Scenario, Map<String, List<Outcome>>> groups = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            groups.computeIfAbsent(outcome.scenario(), s -> new LinkedHashMap<>())
                    .computeIfAbsent(outcome.algorithm(), a -> new ArrayList<>())
                    .add(outcome);
        }
        Scenario first = outcomes.get(0).scenario();
        out.printf(
                Locale.ROOT,
                "%s days, %s %% loss, %d run%s each; ours at most every %s s%n",
                trimmed(outcomes.get(0).days()),
                trimmed(first.loss() * 100),
                repeat,
                repeat == 1 ? "" : "s",
                trimmed(first.capNs() / 1e9));
        if (!first.outages().equals(Scenario.Outages.NONE)) {
            out.printf(
                    Locale.ROOT,
                    "outages of about %s s every %s s%n",
                    trimmed(first.outages().lengthNs() / 1e9),
                    trimmed(first.outages().periodNs() / 1e9));
        }
        if (!first.elsewhere().equals(Scenario.Elsewhere.NONE)) {
            out.printf(
                    Locale.ROOT,
                    "every second %s h on a network with a timeout of %s s%n",
                    trimmed(first.elsewhere().periodNs() / 3.6e12),
                    trimmed(first.elsewhere().timeoutNs() / 1e9));
        }
        groups.forEach((scenario, byName) -> block(out, scenario, byName));
        out.println();
        out.println(
                "drops: of the main connection per day, after its mapping had expired (NAT) or for nothing (false)");
        out.println("silent: share of the time that a push would have been lost unnoticed");
        out.println("probes, stable: until the search had ended, the median of the runs; messages: probes included");
    }

    private static void block(PrintWriter out, Scenario scenario, Map<String, List<Outcome>> byName) {
        String truth = trimmed(scenario.timeoutNs() / 1e9);
        if (!scenario.change().equals(Scenario.Change.NONE)) {
            truth += " s, then " + trimmed(scenario.change().timeoutNs() / 1e9);
        }
        out.println();
        out.println("timeout " + truth + " s" + (scenario.label().isEmpty() ? "" : "  (" + scenario.label() + ")"));
        out.printf(
                "  %-16s %9s %9s %8s %10s %10s %7s %9s %10s %7s%n",
                "algorithm",
                "NAT/day",
                "false/day",
                "silent",
                "estimate",
                "interval",
                "probes",
                "stable h",
                "msgs/day",
                "x ideal");
        byName.forEach((name, runs) -> out.printf(
                Locale.ROOT,
                "  %-16s %9.2f %9.2f %7.2f%% %9.1fs %9.1fs %7.0f %9s %10.1f %7.2f%n",
                shortName(name),
                mean(runs, Outcome::natDropsPerDay),
                mean(runs, Outcome::falseDropsPerDay),
                100 * mean(runs, Outcome::unreachableShare),
                mean(runs, Outcome::estimateS),
                mean(runs, Outcome::intervalS),
                median(runs, outcome -> outcome.probes()),
                stable(runs),
                mean(runs, Outcome::messagesPerDay),
                mean(runs, outcome -> outcome.messagesPerDay() / outcome.idealMessagesPerDay())));
    }

    private static String shortName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String stable(List<Outcome> runs) {
        double hours = median(runs, outcome -> Double.isNaN(outcome.stableAfterH()) ? 1e9 : outcome.stableAfterH());
        return hours >= 1e9 ? "never" : String.format(Locale.ROOT, "%.2f", hours);
    }

    private static double mean(List<Outcome> runs, ToDoubleFunction<Outcome> of) {
        return runs.stream().mapToDouble(of).average().orElse(0);
    }

    private static double median(List<Outcome> runs, ToDoubleFunction<Outcome> of) {
        double[] sorted = runs.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    static String json(List<Outcome> outcomes) {
        StringBuilder json = new StringBuilder("[");
        String separator = "\n";
        for (Outcome outcome : outcomes) {
            json.append(separator).append("  {");
            json.append("\"algorithm\": \"").append(outcome.algorithm()).append('"');
            number(json, "timeoutS", outcome.timeoutS());
            number(json, "loss", outcome.scenario().loss());
            json.append(", \"seed\": ").append(outcome.seed());
            number(json, "days", outcome.days());
            number(json, "natDropsPerDay", outcome.natDropsPerDay());
            number(json, "falseDropsPerDay", outcome.falseDropsPerDay());
            number(json, "unreachableShare", outcome.unreachableShare());
            number(json, "estimateS", outcome.estimateS());
            number(json, "intervalS", outcome.intervalS());
            json.append(", \"probes\": ").append(outcome.probes());
            number(json, "stableAfterH", outcome.stableAfterH());
            number(json, "messagesPerDay", outcome.messagesPerDay());
            number(json, "idealMessagesPerDay", outcome.idealMessagesPerDay());
            json.append('}');
            separator = ",\n";
        }
        return json.append("\n]\n").toString();
    }

    /** JSON knows no NaN: what never happened is null. */
    private static void number(StringBuilder json, String name, double value) {
        json.append(", \"").append(name).append("\": ").append(Double.isNaN(value) ? "null" : trimmed(value));
    }

    static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%.6f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}
