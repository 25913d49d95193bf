package dev.heartbeat.benchmarks.report;

import dev.heartbeat.benchmarks.programs.Figure;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** A class of JMH benchmarks, with what they allocate. */
final class Microbenchmark implements Step {
    private static final String SUFFIX = "Benchmark";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Class<?> benchmarks;
    private final boolean quick;

    Microbenchmark(Class<?> benchmarks, boolean quick) {
        this.benchmarks = benchmarks;
        this.quick = quick;
    }

    @Override
    public String name() {
        return benchmarks.getSimpleName();
    }

    @Override
    public List<Figure> run() throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + benchmarks.getSimpleName() + "\\.")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (quick) {
            options.param("connections", "1", "1000000")
                    .param("live", "1000000")
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(300))
                    .measurementIterations(2)
                    .measurementTime(TimeValue.milliseconds(300));
        }
        List<Figure> figures = new ArrayList<>();
        for (RunResult run : new Runner(options.build()).run()) {
            figures.addAll(figures(run));
        }
        return figures;
    }

    private List<Figure> figures(RunResult run) {
        BenchmarkParams parameters = run.getParams();
        List<String> scale = new ArrayList<>();
        for (String key : parameters.getParamsKeys()) {
            scale.add(key + "=" + parameters.getParam(key));
        }
        String topic = name().replace(SUFFIX, "");
        String who = run.getPrimaryResult().getLabel();
        String where = String.join(", ", scale);
        Result<?> time = run.getPrimaryResult();
        String unit = time.getScoreUnit().replace("/op", "");
        List<Figure> figures = new ArrayList<>();
        double median = time.getStatistics().getPercentile(50);
        figures.add(new Figure(topic, who, where, "time", median, unit));
        Result<?> allocated = run.getSecondaryResults().get(ALLOCATED);
        if (allocated != null) {
            figures.add(new Figure(topic, who, where, "allocated", allocated.getScore(), "B"));
        }
        return figures;
    }
}
