package dev.heartbeat.examples.lab.nat;

import dev.heartbeat.examples.lab.nat.Scenario.Change;
import dev.heartbeat.examples.lab.nat.Scenario.Elsewhere;
import dev.heartbeat.examples.lab.nat.Scenario.Outages;
import dev.heartbeat.interval.IntervalStrategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the smart interval and others' rules over idle timeouts, in virtual time. */
@Command(
        name = "nat",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs the smart interval, and others' rules, over NAT idle timeouts in virtual time.")
public final class NatCommand implements Callable<Integer> {
    private static final String SMART = "smart";

    @Option(
            names = "--profiles",
            paramLabel = "FILE",
            description = "timeouts from a CSV file with a column idle_timeout_s; by default the bundled one")
    private java.nio.file.@Nullable Path profiles;

    @Option(names = "--timeouts", paramLabel = "S,S,...", description = "idle timeouts to run over, such as 61,300,28m")
    private @Nullable String timeouts;

    @Option(
            names = "--algorithms",
            paramLabel = "NAME,...",
            description = "which to run; by default all: smart, mars, wechat-article, microg, chromium, direct-push,"
                    + " aosp-eas, kontalk, iglance")
    private @Nullable String algorithms;

    @Option(
            names = "--custom",
            paramLabel = "CLASS",
            description = "also run your own IntervalStrategy, a class on CLASSPATH with a public constructor"
                    + " without parameters (ack timeout 8 s, three misses are death)")
    private @Nullable String custom;

    @Option(names = "--loss", paramLabel = "SHARE", description = "unanswered messages: 2%% or 0.02 (default: 0)")
    private String loss = "0";

    @Option(
            names = "--outages",
            arity = "0..1",
            fallbackValue = "70@1h",
            paramLabel = "LENGTH@PERIOD",
            description = "nothing passes for about LENGTH once per PERIOD (without a value: 70@1h)")
    private @Nullable String outages;

    @Option(
            names = "--change",
            paramLabel = "T:T@TIME",
            description = "the timeout becomes another one: 600:120@1d (instead of --timeouts)")
    private @Nullable String change;

    @Option(
            names = "--switch",
            arity = "0..1",
            fallbackValue = "120@12h",
            paramLabel = "T@PERIOD",
            description = "every second PERIOD is spent on another network with timeout T (without a value: 120@12h)")
    private @Nullable String elsewhere;

    @Option(names = "--days", paramLabel = "N", description = "how long a run is (default: 7)")
    private String days = "7";

    @Option(names = "--seed", paramLabel = "N", description = "of the first run (default: 1)")
    private long seed = 1;

    @Option(names = "--repeat", paramLabel = "N", description = "runs with as many seeds (default: 1)")
    private int repeat = 1;

    @Option(names = "--min", paramLabel = "S", description = "ours: the shortest interval (default: 5)")
    private String min = "5";

    @Option(names = "--max", paramLabel = "S", description = "ours: the longest interval (default: 30m)")
    private String max = "30m";

    @Option(names = "--safe-start", paramLabel = "S", description = "ours: until something is proven (default: 10)")
    private String safeStart = "10";

    @Option(names = "--lanes", paramLabel = "N", description = "ours: probes at a time (default: 6)")
    private int lanes = 6;

    @Option(names = "--json", paramLabel = "FILE", description = "write every run as JSON")
    private java.nio.file.@Nullable Path json;

    @Option(names = "--chart", paramLabel = "FILE", description = "write one search of ours as SVG")
    private java.nio.file.@Nullable Path chart;

    @Spec
    private @Nullable CommandSpec spec;

    /** Made by the command line. */
    public NatCommand() {}

    private record Job(String algorithm, Scenario scenario, long seed) {}

    @Override
    public Integer call() throws IOException {
        List<Scenario> scenarios;
        Set<String> chosen;
        StrategyRun.Setup setup;
        try {
            scenarios = scenarios();
            chosen = chosen();
            setup = setup();
            customStrategy();
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
        List<Job> jobs = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (String algorithm : chosen) {
                for (int i = 0; i < repeat; i++) {
                    jobs.add(new Job(algorithm, scenario, seed + i));
                }
            }
        }
        List<Outcome> outcomes =
                jobs.parallelStream().map(job -> run(job, setup)).collect(Collectors.toList());
        PrintWriter out = spec().commandLine().getOut();
        Report.table(out, outcomes, repeat);
        out.flush();
        if (json != null) {
            write(json, Report.json(outcomes));
        }
        if (chart != null) {
            write(chart, SearchChart.svg(StrategyRun.smart(setup, scenarios.get(0), seed)));
        }
        return CommandLine.ExitCode.OK;
    }

    private Outcome run(Job job, StrategyRun.Setup setup) {
        if (job.algorithm.equals(SMART)) {
            return StrategyRun.smart(setup, job.scenario, job.seed).outcome();
        }
        if (job.algorithm.equals(custom)) {
            IntervalStrategy strategy = customStrategy();
            if (strategy != null) {
                return StrategyRun.custom(job.algorithm, strategy, job.scenario, job.seed);
            }
        }
        return RuleRun.run(job.algorithm, Rules.create(job.algorithm), job.scenario, job.seed);
    }

    private List<Scenario> scenarios() {
        double share = Options.loss(loss);
        long durationNs = (long) (Options.days(days) * Scenario.DAY);
        long capNs = Options.seconds("--max", max);
        Outages out = outages == null ? Outages.NONE : Options.outages(outages);
        Elsewhere other = elsewhere == null ? Elsewhere.NONE : Options.elsewhere(elsewhere);
        Map<Long, String> at = new LinkedHashMap<>();
        Change then = Change.NONE;
        if (change != null) {
            if (timeouts != null || profiles != null) {
                throw Options.bad("--change", change, "without --timeouts and --profiles");
            }
            Options.TimedChange timed = Options.change(change);
            then = timed.change();
            if (then.atNs() >= durationNs) {
                throw Options.bad("--change", change, "a time before the end, --days " + days);
            }
            at.put(timed.fromNs(), change);
        } else if (timeouts != null) {
            if (profiles != null) {
                throw Options.bad("--timeouts", timeouts, "without --profiles");
            }
            Options.timeouts(timeouts).forEach(ns -> at.put(ns, ""));
        } else {
            at.putAll(readProfiles());
        }
        Change changed = then;
        return at.entrySet().stream()
                .map(entry ->
                        new Scenario(entry.getValue(), entry.getKey(), changed, other, out, share, durationNs, capNs))
                .collect(Collectors.toList());
    }

    private Map<Long, String> readProfiles() {
        try {
            return profiles == null ? Profiles.bundled() : Profiles.of(profiles);
        } catch (IOException e) {
            throw new IllegalArgumentException("--profiles: " + profiles + " cannot be read (" + reason(e) + ")", e);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }

    private Set<String> chosen() {
        Set<String> chosen = new LinkedHashSet<>();
        if (algorithms == null) {
            chosen.add(SMART);
            chosen.addAll(Rules.ALL.keySet());
        } else {
            for (String name : Arrays.asList(algorithms.split(",", -1))) {
                String known = name.strip();
                if (!known.equals(SMART) && !Rules.ALL.containsKey(known)) {
                    throw Options.bad("--algorithms", known, "of smart, " + String.join(", ", Rules.ALL.keySet()));
                }
                chosen.add(known);
            }
        }
        if (custom != null) {
            chosen.add(custom);
        }
        if (repeat < 1 || repeat > 10_000) {
            throw Options.bad("--repeat", repeat, "from 1 to 10000");
        }
        return chosen;
    }

    private StrategyRun.Setup setup() {
        if (lanes < 1 || lanes > 64) {
            throw Options.bad("--lanes", lanes, "from 1 to 64");
        }
        long minNs = Options.seconds("--min", min);
        long maxNs = Options.seconds("--max", max);
        long safeNs = Options.seconds("--safe-start", safeStart);
        if (minNs > maxNs) {
            throw Options.bad("--max", max, "at least --min " + min);
        }
        if (safeNs < minNs || safeNs > maxNs) {
            throw Options.bad("--safe-start", safeStart, "from --min " + min + " to --max " + max);
        }
        return new StrategyRun.Setup(Duration.ofNanos(minNs), Duration.ofNanos(maxNs), Duration.ofNanos(safeNs), lanes);
    }

    private @Nullable IntervalStrategy customStrategy() {
        if (custom == null) {
            return null;
        }
        String expected = "an IntervalStrategy on the class path with a public constructor without parameters";
        try {
            Object made = Class.forName(custom).getConstructor().newInstance();
            if (made instanceof IntervalStrategy strategy) {
                return strategy;
            }
            throw Options.bad("--custom", custom, expected);
        } catch (InvocationTargetException e) {
            throw Options.bad("--custom", custom, expected + "; its constructor threw " + e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw Options.bad("--custom", custom, expected);
        }
    }

    private void write(java.nio.file.Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw bad(file + ": cannot be written (" + reason(e) + ")");
        }
    }

    private CommandSpec spec() {
        return java.util.Objects.requireNonNull(spec, "spec");
    }

    private ParameterException bad(String message) {
        return new ParameterException(spec().commandLine(), message);
    }
}
