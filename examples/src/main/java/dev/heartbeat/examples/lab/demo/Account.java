package dev.heartbeat.examples.lab.demo;

import java.util.List;

/**
 * The account of a run: what the text, the page and the JSON say. Lengths are in milliseconds.
 *
 * @param settings what was promised
 * @param connections how many there were in all
 * @param groups the faults, by kind and by who noticed
 * @param notices each fault's noticing
 * @param mistakes living peers that were given up, in words
 * @param excused the same, where the host itself had stood still
 * @param reconnects how long the clients took to be back
 * @param checks the promises
 * @param host how late the machine was
 */
record Account(
        Promised settings,
        int connections,
        List<Group> groups,
        List<Line> notices,
        List<String> mistakes,
        List<String> excused,
        Spread reconnects,
        List<Check> checks,
        Host host) {

    boolean held() {
        return checks.stream().allMatch(Check::held);
    }

    /** What the policies say. */
    record Promised(
            int clients,
            long seed,
            double intervalMs,
            double ackTimeoutMs,
            int misses,
            double serverWindow,
            double lastWordMs,
            double natTimeoutMs,
            double sleepyIntervalMs,
            double backoffMs) {

        static Promised of(Settings settings) {
            return new Promised(
                    settings.clients(),
                    settings.seed(),
                    ms(settings.interval().toNanos()),
                    ms(settings.ackTimeout().toNanos()),
                    Settings.MISSES,
                    Settings.WINDOW,
                    ms(settings.lastWordTimeout().toNanos()),
                    ms(settings.natTimeout().toNanos()),
                    ms(settings.sleepyInterval().toNanos()),
                    ms(settings.backoff().toNanos()));
        }
    }

    /** Smallest, middle and greatest of some lengths; zeros if there are none. */
    record Spread(int count, double minMs, double medianMs, double maxMs) {
        static Spread of(List<Double> lengthsMs) {
            if (lengthsMs.isEmpty()) {
                return new Spread(0, 0, 0, 0);
            }
            List<Double> sorted = lengthsMs.stream().sorted().toList();
            int last = sorted.size() - 1;
            double median = (sorted.get(last / 2) + sorted.get(last - last / 2)) / 2;
            return new Spread(sorted.size(), sorted.get(0), median, sorted.get(last));
        }
    }

    /** Faults of one kind, as one side noticed them. */
    record Group(
            String fault,
            String noticedBy,
            int injected,
            int noticed,
            Spread after,
            double earliestMs,
            double promisedMs,
            int early,
            int late,
            int missed) {}

    /** One fault, as one side noticed it. */
    record Line(
            String fault,
            String noticedBy,
            int client,
            double atMs,
            double noticedMs,
            double earliestMs,
            double promisedMs,
            double latestMs,
            String outcome,
            String cause) {}

    /** What the machine contributed. */
    record Host(double worstLatenessMs, int processors, String java) {}

    static double ms(long ns) {
        return Math.round(ns / 1e4) / 100.0;
    }
}
