package dev.heartbeat.benchmarks.engine;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.detect.Verdict;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;
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

/** What heartbeats cost that do more than leave a mark, and that none of them allocates. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+UseG1GC"})
public class HeartbeatPathBenchmark {

    private static final long SECOND_NS = 1_000_000_000L;

    /** A few connections, so that memory is no matter. */
    @State(Scope.Thread)
    public static class Connections implements HeartbeatTransport {
        private static final int COUNT = 256;

        final long[] handles = new long[COUNT];
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build((handle, cause) -> {}, 0);
        long nowNs;
        long sequence;
        int next;
        int probeId;

        /** Opens them. */
        @Setup
        public void open() {
            HeartbeatPolicy policy = HeartbeatPolicy.builder()
                    .interval(IntervalStrategy.fixed(Duration.ofSeconds(30)))
                    .ackTimeout(AckTimeout.fixed(Duration.ofSeconds(10)))
                    .failureDetector(detector().create())
                    .build();
            HeartbeatTransport me = this;
            monitor = HeartbeatMonitor.builder().build((handle, cause) -> {}, 0);
            for (int i = 0; i < COUNT; i++) {
                handles[i] = monitor.open(me, policy, 0);
            }
        }

        Detector detector() {
            return Detector.MISSES;
        }

        long handle() {
            next = next + 1 & COUNT - 1;
            return handles[next];
        }

        @Override
        public void sendProbe(long handle, int probeId) {
            this.probeId = probeId;
            monitor.probeSent(handle, probeId, nowNs);
        }

        @Override
        public void close(long handle, DeathCause cause) {
            throw new IllegalStateException("dead: " + cause);
        }
    }

    /** Connections whose peers are heard. */
    @State(Scope.Thread)
    public static class Beating extends Connections {
        /** Which detector. */
        @Param
        public Detector detector = Detector.MISSES;

        @Override
        Detector detector() {
            return detector;
        }
    }

    /** The detectors. */
    public enum Detector {
        /** Looks at misses only; there are never enough of them. */
        MISSES {
            @Override
            FailureDetector create() {
                return new Patient();
            }
        },
        /** Learns from arrivals. */
        ACCRUAL {
            @Override
            FailureDetector create() {
                return FailureDetectors.phi(8, 16);
            }
        };

        abstract FailureDetector create();
    }

    private static final class Patient implements FailureDetector {
        @Override
        public Verdict onMiss(Peer peer, long nowNs) {
            return Verdict.SUSPECT;
        }

        @Override
        public double suspicion(Peer peer, long nowNs) {
            return 0;
        }
    }

    /** A probe leaves and is answered. */
    @Benchmark
    public int probeAndAck(Beating state) {
        long handle = state.handle();
        state.nowNs += 1_000_000;
        state.monitor.probeNow(handle, state.nowNs);
        state.nowNs += 1_000_000;
        state.monitor.acked(handle, state.probeId, state.nowNs);
        return state.monitor.poll(state.nowNs, HeartbeatMonitor.DEFAULT_LIMIT);
    }

    /** The peer's ping arrives. */
    @Benchmark
    public int ping(Beating state) {
        state.nowNs += 1_000_000;
        state.monitor.pinged(state.handle(), ++state.sequence, state.nowNs);
        return state.monitor.poll(state.nowNs, HeartbeatMonitor.DEFAULT_LIMIT);
    }

    /** Bytes left. */
    @Benchmark
    public void sent(Connections state) {
        state.nowNs += 1_000;
        state.monitor.sent(state.handle(), state.nowNs);
    }

    /** The wheel turns until some probes are missed and others leave. Time per turn of a tenth of a second. */
    @Benchmark
    public int missAndProbe(Connections state) {
        state.nowNs += SECOND_NS / 10;
        return state.monitor.poll(state.nowNs, HeartbeatMonitor.DEFAULT_LIMIT);
    }
}
