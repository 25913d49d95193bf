package dev.heartbeat.benchmarks;

import dev.heartbeat.wheel.TimerWheel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Timers in random order are moved to an earlier time again and again: what a lazy wheel likes least. Time per move. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(EarlierDeadlineBenchmark.MOVES)
@Warmup(iterations = 22)
@Measurement(iterations = 44)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+UseG1GC"})
public class EarlierDeadlineBenchmark {

    static final int MOVES = 1_000_000;

    private static final long LATEST_NS = 60_000_000_000L;
    private static final long STEP_NS = 2_500_000_000L;
    private static final int STEPS = 22;

    /** The wheel, its timers between the latest time and that less the steps done. */
    @State(Scope.Thread)
    public static class Ours {

        /** How many timers are set. */
        @Param({"1000000", "10000000"})
        public int live;

        int[] order = {};
        TimerWheel wheel = TimerWheel.builder().startNs(0).build();
        int next;
        long deadlineNs;

        /** Chooses the order. */
        @Setup
        public void shuffle() {
            order = MassExpiryBenchmark.ids(live, MassExpiryBenchmark.Order.RANDOM);
        }

        /** Begins anew when the timers cannot go much earlier. */
        @Setup(Level.Invocation)
        public void fill() {
            if (next % live == 0) {
                next = 0;
                deadlineNs -= STEP_NS;
            }
            if (deadlineNs <= LATEST_NS - STEPS * STEP_NS) {
                wheel = TimerWheel.builder().capacity(live).startNs(0).build();
                for (int id : order) {
                    // Spread over many buckets, as timers are.
                    wheel.schedule(id, LATEST_NS + spreadNs(id));
                }
                deadlineNs = LATEST_NS - STEP_NS;
            }
        }

        static long spreadNs(int id) {
            return (id * 0x9E3779B9L & 0xFF) * 9_000_000L;
        }
    }

    /** Moves a million timers. */
    @Benchmark
    public long ours(Ours state) {
        for (int i = 0; i < MOVES; i++) {
            int id = state.order[state.next++];
            state.wheel.schedule(id, state.deadlineNs + Ours.spreadNs(id));
        }
        return state.wheel.entries();
    }
}
