package dev.heartbeat.benchmarks;

import dev.heartbeat.wheel.ExpiryHandler;
import dev.heartbeat.wheel.TimerWheel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The wheel is turned by a tick, nothing is due, and it is asked when it wants to be turned next. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+UseG1GC"})
public class IdleTurnBenchmark {

    private static final long TICK_NS = 16_000_000;

    /** Our wheel; its timers lie so far ahead that the benchmark does not reach them. */
    @State(Scope.Thread)
    public static class Ours {

        /** How many timers wait. */
        @Param({"0", "1", "1000000"})
        public int live;

        final TimerWheel wheel = TimerWheel.builder().startNs(0).build();
        final ExpiryHandler handler = (id, nowNs) -> {};
        long nowNs;

        /** Sets the timers a century ahead. */
        @Setup
        public void fill() {
            for (int id = 0; id < live; id++) {
                wheel.schedule(id, Long.MAX_VALUE / 3);
            }
        }
    }

    /** One turn, one tick on. */
    @Benchmark
    public long ours(Ours state) {
        state.nowNs += TICK_NS;
        state.wheel.advance(state.nowNs, 256, state.handler);
        return state.wheel.delayUntilNextNs(state.nowNs);
    }
}
