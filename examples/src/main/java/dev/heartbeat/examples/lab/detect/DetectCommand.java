package dev.heartbeat.examples.lab.detect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs failure detectors over traces of heartbeats and prints detection time against mistakes. */
@Command(
        name = "detect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs failure detectors over traces of heartbeats and prints detection time against mistakes.",
            "",
            "A trace is a CSV file: seq,sent_ms,received_ms; the last is empty for a heartbeat that was lost.",
            "Detection time is for a crash right after a heartbeat was sent, the mean over all heartbeats."
        })
public final class DetectCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "CSV", description = "Traces to read.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--period", paramLabel = "MS", description = "The sender's interval. Default: estimated.")
    private double periodMs;

    @Option(
            names = "--detectors",
            split = ",",
            paramLabel = "NAME",
            description = "Who takes part; chen-N takes any window. Default: all.")
    private List<String> detectors = new ArrayList<>();

    @Option(
            names = "--at",
            split = ",",
            paramLabel = "MS",
            description = "Compare at these mean detection times. Default: a range of them.")
    private List<Double> at = new ArrayList<>();

    @Option(
            names = "--pooled",
            split = ",",
            paramLabel = "BUDGET",
            description = "One setting for all traces, compared at these (detection time - mean delay) / period.")
    private List<Double> pooled = new ArrayList<>();

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Fresh arrivals that are not scored. Default: ${DEFAULT-VALUE}.")
    private int warmup;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
    private @Nullable Path json;

    @Option(names = "--chart", paramLabel = "FILE", description = "Write a chart, .svg or .html.")
    private @Nullable Path chart;

    @Option(
            names = "--synth",
            split = ",",
            paramLabel = "KIND",
            description = "Make traces like published ones: wan, lan, mobile, wifi.")
    private List<String> synth = new ArrayList<>();

    @Option(
            names = "--heartbeats",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Length of a made trace. Default: ${DEFAULT-VALUE}.")
    private int heartbeats;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the made traces. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the made trace here and do nothing else.")
    private @Nullable Path out;

    /** For picocli. */
    public DetectCommand() {}

    @Override
    public Integer call() throws IOException {
        check();
        if (out != null) {
            Synthetic.Times times = Synthetic.named(synth.get(0)).generate(heartbeats, seed);
            TraceCsv.write(out, times.sentNs(), times.receivedNs());
            return 0;
        }
        List<Contender> contenders = detectors.isEmpty() ? Contenders.all() : Contenders.named(detectors);
        List<Trace> traces = traces();
        Contest contest = new Contest(warmup);
        PrintWriter console = console();
        if (!pooled.isEmpty()) {
            List<PooledResult> results = contest.pooled(traces, contenders, array(pooled));
            new Table(console).pooled(results, contenders, array(pooled));
            writeJson(results);
            return 0;
        }
        boolean matched = !at.isEmpty();
        List<Result> results =
                matched ? contest.matched(traces, contenders, scaled(at)) : contest.sweep(traces, contenders);
        new Table(console).results(traces, contenders, results, matched ? at : List.of());
        writeJson(results);
        if (chart != null) {
            Chart.write(chart, results);
        }
        return 0;
    }

    private void check() {
        require(periodMs >= 0 && periodMs < 1e9, "--period", periodMs, "> 0");
        require(warmup >= 0, "--warmup", warmup, ">= 0");
        require(heartbeats >= 2 && heartbeats <= 50_000_000, "--heartbeats", heartbeats, "from 2 to 50000000");
        at.forEach(ms -> require(ms > 0 && ms < 1e9, "--at", ms, "> 0"));
        pooled.forEach(budget -> require(budget > 0 && budget < 1e6, "--pooled", budget, "> 0"));
        require(!files.isEmpty() || !synth.isEmpty(), "CSV", "none", "a trace to read, or --synth");
        require(at.isEmpty() || pooled.isEmpty(), "--at", at, "not together with --pooled");
        require(chart == null || pooled.isEmpty(), "--chart", chart, "not together with --pooled");
        require(out == null || synth.size() == 1, "--out", out, "together with --synth and one kind");
        if (chart != null) {
            Chart.check(chart);
        }
    }

    private static void require(boolean condition, String name, @Nullable Object value, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    private List<Trace> traces() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (Path file : files) {
            traces.add(TraceCsv.read(file, Math.round(periodMs * 1e6)));
        }
        for (String kind : synth) {
            traces.add(Synthetic.named(kind).trace(heartbeats, seed));
        }
        traces.forEach(trace -> Replay.check(trace, warmup));
        return traces;
    }

    private void writeJson(List<?> results) throws IOException {
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), results);
        }
    }

    private PrintWriter console() {
        return spec == null
                ? new PrintWriter(System.out, true, UTF_8)
                : spec.commandLine().getOut();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] scaled(List<Double> ms) {
        return ms.stream().mapToDouble(value -> value * 1e6).toArray();
    }
}
