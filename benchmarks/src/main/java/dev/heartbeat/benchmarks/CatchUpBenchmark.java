package dev.heartbeat.benchmarks;

import dev.heartbeat.wheel.ExpiryHandler;
import dev.heartbeat.wheel.TimerWheel;
import java.util.Random;
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

/** A million timers came due during a long gap; one turn catches up. Time per timer: it should not depend on the gap. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(CatchUpBenchmark.TIMERS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+UseG1GC"})
public class CatchUpBenchmark {

    static final int TIMERS = 1_000_000;

    /** Our wheel before the gap. */
    @State(Scope.Thread)
    public static class Ours {

        /** How long nobody turned the wheel. */
        @Param({"1", "60", "3600", "36000"})
        public long gapSeconds;

        TimerWheel wheel = TimerWheel.builder().startNs(0).build();
        ExpiryHandler handler = (id, nowNs) -> {};

        /** Sets the timers, evenly over the gap. */
        @Setup(Level.Invocation)
        public void fill() {
            TimerWheel filled = TimerWheel.builder().startNs(0).build();
            Random random = new Random(5);
            for (int id = 0; id < TIMERS; id++) {
                filled.schedule(id, random.nextLong(gapSeconds * 1_000_000_000L));
            }
            wheel = filled;
            handler = (id, nowNs) -> filled.schedule(id, nowNs + 60_000_000_000L);
        }
    }

    /** Catches up and sets each timer again. */
    @Benchmark
    public int ours(Ours state) {
        return state.wheel.advance((state.gapSeconds + 1) * 1_000_000_000L, Integer.MAX_VALUE, state.handler);
    }
}
