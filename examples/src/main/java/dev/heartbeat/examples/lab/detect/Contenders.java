package dev.heartbeat.examples.lab.detect;

import dev.heartbeat.detect.AccrualBuilder;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Learning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who takes part. The library's detectors by name, some in the form in which others publish them. */
final class Contenders {
    private static final String MARGIN = "margin, intervals";

    private static final List<Contender> ALL = List.of(
            new Contender(
                    "fixed", "timeout, intervals", 1, 1000, x -> new DetectorJudge(FailureDetectors.silence(x, x))),
            new Contender("misses-3", "tick, intervals", 0.05, 300, x -> new TickJudge(3, 3, x)),
            new Contender("misses-3-of-5", "tick, intervals", 0.05, 300, x -> new TickJudge(3, 5, x)),
            chen(1),
            chen(32),
            chen(1000),
            new Contender("2w-fd", MARGIN, 1e-6, 1000, x -> new DetectorJudge(FailureDetectors.twoWindows(x, x))),
            new Contender("bertier", "deviations", 1e-3, 1000, x -> new DetectorJudge(FailureDetectors.bertier(x, x))),
            phi("phi", FailureDetectors::phi),
            phi(
                    "phi-paper",
                    () -> FailureDetectors.phi().window(1000).deviationFloor(0).learning(Learning.EVERYTHING)),
            phi("phi-pekko", () -> FailureDetectors.phi().learning(Learning.UNSUSPECTED)),
            phi(
                    "phi-pekko-no-floor",
                    () -> FailureDetectors.phi().deviationFloor(0).learning(Learning.UNSUSPECTED)),
            phi("exponential", () -> FailureDetectors.exponential().window(1000).learning(Learning.NO_OUTAGES)),
            new Contender("adaptive", "factor", 1e-3, 100, x -> new DetectorJudge(FailureDetectors.adaptive(x, x))));

    private Contenders() {}

    private interface Settings {
        AccrualBuilder begin();
    }

    private static Contender phi(String name, Settings settings) {
        return new Contender(
                name,
                "phi",
                1e-3,
                100_000,
                x -> new DetectorJudge(settings.begin().thresholds(x, x).build()));
    }

    private static Contender chen(int window) {
        return new Contender(
                "chen-" + window, MARGIN, 1e-6, 1000, x -> new DetectorJudge(FailureDetectors.chen(x, x, window)));
    }

    static List<Contender> all() {
        return ALL;
    }

    static List<Contender> named(List<String> names) {
        List<Contender> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(named(name.strip().toLowerCase(Locale.ROOT)));
        }
        return chosen;
    }

    private static Contender named(String name) {
        if (name.matches("chen-[1-9][0-9]{0,3}")) {
            return chen(Integer.parseInt(name.substring(5)));
        }
        for (Contender one : ALL) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        List<String> known = ALL.stream().map(Contender::name).toList();
        throw new IllegalArgumentException(
                "--detectors: " + name + " (expected: any of " + String.join(", ", known) + ")");
    }
}
