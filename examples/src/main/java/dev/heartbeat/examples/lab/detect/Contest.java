package dev.heartbeat.examples.lab.detect;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Who does how well on what. Contenders run side by side on all cores; the order of the results does not depend on it. */
final class Contest {
    /** Budgets of a sweep, in periods beyond the mean delay; from hasty to patient. */
    private static final double[] SWEEP = {1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10};

    private static final double TOLERANCE = 1e-4; // of a period

    private final int warmup;

    Contest(int warmup) {
        this.warmup = warmup;
    }

    /** Each contender at settings that spread its detection time. */
    List<Result> sweep(List<Trace> traces, List<Contender> contenders) {
        return rounds(
                traces,
                contenders,
                trace -> DoubleStream.of(SWEEP)
                        .map(budget -> trace.meanDelayNs() + budget * trace.periodNs())
                        .toArray());
    }

    /** Each contender at the settings that make its mean detection time what is wanted. */
    List<Result> matched(List<Trace> traces, List<Contender> contenders, double[] detectionNs) {
        return rounds(traces, contenders, trace -> detectionNs);
    }

    private interface Targets {
        double[] of(Trace trace);
    }

    private record Round(Trace trace, Contender contender, double targetNs) {}

    private List<Result> rounds(List<Trace> traces, List<Contender> contenders, Targets targets) {
        return traces.stream()
                .flatMap(trace -> DoubleStream.of(targets.of(trace))
                        .boxed()
                        .flatMap(target -> contenders.stream().map(one -> new Round(trace, one, target))))
                .toList()
                .parallelStream()
                .map(this::play)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Result> play(Round round) {
        Trace trace = round.trace();
        Contender contender = round.contender();
        double setting = Matching.settingFor(
                contender,
                x -> Replay.score(trace, contender.judge().apply(x), warmup, false)
                        .detectionMeanNs(),
                round.targetNs(),
                TOLERANCE * trace.periodNs());
        if (Double.isNaN(setting)) {
            return Optional.empty();
        }
        Score score = Replay.score(trace, contender.judge().apply(setting), warmup, true);
        return Optional.of(Result.of(trace, contender, setting, score));
    }

    private record PooledRound(Contender contender, double budget) {}

    /** One setting for all traces: the budget is (detection time - mean delay) / period over all their heartbeats. */
    List<PooledResult> pooled(List<Trace> traces, List<Contender> contenders, double[] budgets) {
        return contenders.stream()
                .flatMap(one -> DoubleStream.of(budgets).mapToObj(budget -> new PooledRound(one, budget)))
                .toList()
                .parallelStream()
                .map(round -> play(traces, round))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<PooledResult> play(List<Trace> traces, PooledRound round) {
        Contender contender = round.contender();
        double setting =
                Matching.settingFor(contender, x -> pool(traces, contender, x).budget(), round.budget(), TOLERANCE);
        if (Double.isNaN(setting)) {
            return Optional.empty();
        }
        Pool pool = pool(traces, contender, setting);
        return Optional.of(
                new PooledResult(contender.name(), round.budget(), setting, 1e6 * pool.mistakes() / pool.heartbeats()));
    }

    private record Pool(double budget, double mistakes, double heartbeats) {}

    private Pool pool(List<Trace> traces, Contender contender, double setting) {
        double periods = 0;
        double mistakes = 0;
        double heartbeats = 0;
        for (Trace trace : traces) {
            Score score = Replay.score(trace, contender.judge().apply(setting), warmup, false);
            periods += (score.detectionMeanNs() - trace.meanDelayNs()) / trace.periodNs() * score.heartbeats();
            mistakes += score.mistakes();
            heartbeats += score.heartbeats();
        }
        return new Pool(periods / heartbeats, mistakes, heartbeats);
    }
}
