package dev.heartbeat.benchmarks.report;

import dev.heartbeat.benchmarks.CatchUpBenchmark;
import dev.heartbeat.benchmarks.EarlierDeadlineBenchmark;
import dev.heartbeat.benchmarks.IdleTurnBenchmark;
import dev.heartbeat.benchmarks.MassExpiryBenchmark;
import dev.heartbeat.benchmarks.RearmBenchmark;
import dev.heartbeat.benchmarks.ScheduleCancelBenchmark;
import dev.heartbeat.benchmarks.SteadyTurnBenchmark;
import dev.heartbeat.benchmarks.engine.ActivityBenchmark;
import dev.heartbeat.benchmarks.engine.HeartbeatPathBenchmark;
import dev.heartbeat.benchmarks.engine.IdlePollBenchmark;
import dev.heartbeat.benchmarks.programs.CatchUp;
import dev.heartbeat.benchmarks.programs.Freeze;
import dev.heartbeat.benchmarks.programs.MassDeath;
import dev.heartbeat.benchmarks.programs.Memory;
import dev.heartbeat.benchmarks.programs.SteadyState;
import dev.heartbeat.benchmarks.programs.Week;
import dev.heartbeat.benchmarks.programs.WheelMemory;
import java.util.ArrayList;
import java.util.List;

/** Everything that a run measures, in order. */
final class Plan {
    private static final int MILLION = 1_000_000;
    private static final int TEN_MILLION = 10_000_000;

    private final boolean quick;
    private final List<Step> steps = new ArrayList<>();

    private Plan(boolean quick) {
        this.quick = quick;
    }

    static List<Step> of(boolean quick) {
        Plan plan = new Plan(quick);
        plan.microbenchmarks();
        plan.massDeath();
        plan.steadyState();
        plan.memory();
        plan.catchUp();
        plan.behaviour();
        return plan.steps;
    }

    private void microbenchmarks() {
        for (Class<?> benchmarks : List.of(
                ActivityBenchmark.class,
                RearmBenchmark.class,
                HeartbeatPathBenchmark.class,
                IdlePollBenchmark.class,
                ScheduleCancelBenchmark.class,
                EarlierDeadlineBenchmark.class,
                MassExpiryBenchmark.class,
                SteadyTurnBenchmark.class,
                CatchUpBenchmark.class,
                IdleTurnBenchmark.class)) {
            steps.add(new Microbenchmark(benchmarks, quick));
        }
    }

    private void massDeath() {
        int connections = quick ? 100_000 : MILLION;
        for (String who : List.of("heartbeat", "heartbeat-counting", "heartbeat-probing")) {
            steps.add(new Program(MassDeath.class, "4g", who, connections, quick ? 3 : 9));
        }
        for (String who : List.of("idle-state", "event-loop", "wheel-timer", "executor")) {
            steps.add(new Program(MassDeath.class, "4g", who, connections, quick ? 1 : 3));
        }
    }

    private void steadyState() {
        int connections = quick ? 100_000 : MILLION;
        int seconds = quick ? 5 : 40;
        for (String who : List.of(
                "bare", "heartbeat", "idle-state", "pass-through", "wheel-timer", "executor", "event-loop", "agrona")) {
            steps.add(new Program(SteadyState.class, "3g", who, connections, seconds, "real"));
        }
        int many = quick ? MILLION : TEN_MILLION;
        for (String who : List.of("bare", "heartbeat")) {
            steps.add(new Program(SteadyState.class, "3g", who, many, quick ? 20 : 60, "virtual"));
        }
    }

    private void memory() {
        int connections = quick ? 100_000 : MILLION;
        for (String who : List.of(
                "heartbeat",
                "heartbeat-counting",
                "idle-state",
                "pass-through",
                "wheel-timer",
                "executor",
                "event-loop",
                "agrona")) {
            steps.add(new Program(Memory.class, "4g", who, connections));
        }
        if (!quick) {
            steps.add(new Program(Memory.class, "4g", "heartbeat", TEN_MILLION));
            steps.add(new Program(WheelMemory.class, "4g"));
        }
    }

    private void catchUp() {
        int connections = quick ? 100_000 : MILLION;
        int rounds = quick ? 3 : 7;
        for (String who : List.of("heartbeat", "agrona", "event-loop")) {
            steps.add(new Program(CatchUp.class, "4g", who, connections, 61, rounds));
            steps.add(new Program(CatchUp.class, "4g", who, connections, 3600, rounds));
        }
    }

    private void behaviour() {
        for (String beats : List.of("late", "lost")) {
            steps.add(new Program(Freeze.class, "2g", quick ? 100_000 : MILLION, beats, quick ? 3 : 10));
        }
        steps.add(new Program(Week.class, "2g", quick ? 50_000 : MILLION, quick ? 1 : 7));
    }
}
