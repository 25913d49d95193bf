package dev.heartbeat.benchmarks.engine;

import dev.heartbeat.HeartbeatMonitor;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The loop turns, a tick has passed, and nobody is there. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+UseG1GC"})
@State(Scope.Thread)
public class IdlePollBenchmark {

    private static final long TICK_NS = 1 << 24;

    private final HeartbeatMonitor monitor = HeartbeatMonitor.builder().build((handle, cause) -> {}, 0);
    private final DeadlineTimerWheel agrona = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK_NS, 4096);
    private long nowNs;

    /** Our whole engine. */
    @Benchmark
    public long heartbeat() {
        nowNs += TICK_NS;
        return monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT) + monitor.delayUntilNextNs(nowNs);
    }

    /** Agrona's wheel alone. */
    @Benchmark
    public int agrona() {
        nowNs += TICK_NS;
        return agrona.poll(nowNs, (unit, now, id) -> true, HeartbeatMonitor.DEFAULT_LIMIT);
    }
}
