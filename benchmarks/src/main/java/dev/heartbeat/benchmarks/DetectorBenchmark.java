package dev.heartbeat.benchmarks;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Peer;
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

/**
 * What a heartbeat costs in the detector: {@code beat} learns it, {@code beatAndDeadlines} asks for both deadlines too,
 * which the monitor does when a timer comes due. One connection, which stays in the cache, or a random one of many.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g"})
@State(Scope.Thread)
public class DetectorBenchmark implements Peer {
    private static final long INTERVAL_NS = 1_000_000_000;

    /** Which one; windows of 32. */
    @Param({"adaptive", "silence", "chen", "phi"})
    public String which = "";

    /** How many there are. */
    @Param({"1", "1000000"})
    public int connections;

    FailureDetector detector = FailureDetectors.adaptive();
    long[] words = new long[0];
    int stride;
    int offset;
    int random = 1;
    long nowNs;

    /** Lays out the columns, and lets everybody be heard once. */
    @Setup
    public void open() {
        detector = switch (which) {
            case "silence" -> FailureDetectors.silence(2, 4);
            case "chen" -> FailureDetectors.chen(1, 3);
            case "phi" -> FailureDetectors.phi().window(32).build();
            default -> FailureDetectors.adaptive();
        };
        stride = detector.stateLongs();
        words = new long[stride * connections];
        for (int i = 0; i < connections * 4; i++) {
            beat();
        }
    }

    private void next() {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        offset = (int) (((random & 0xFFFF_FFFFL) * connections) >>> 32) * stride;
        nowNs += INTERVAL_NS / connections + (random & 1023);
    }

    /** A heartbeat is learnt. */
    @Benchmark
    public void beat() {
        next();
        detector.onHeartbeat(this, nowNs);
    }

    /** And both deadlines are asked for. */
    @Benchmark
    public long beatAndDeadlines() {
        next();
        detector.onHeartbeat(this, nowNs);
        return detector.suspectAfterNs(this) ^ detector.deadAfterNs(this);
    }

    @Override
    public long lastReceivedNs() {
        return nowNs;
    }

    @Override
    public long silenceNs(long now) {
        return 0;
    }

    @Override
    public long expectedIntervalNs() {
        return INTERVAL_NS;
    }

    @Override
    public int consecutiveMisses() {
        return 0;
    }

    @Override
    public long state(int index) {
        return words[offset + index];
    }

    @Override
    public void state(int index, long value) {
        words[offset + index] = value;
    }
}
