package dev.heartbeat.benchmarks;

import dev.heartbeat.wheel.ExpiryHandler;
import dev.heartbeat.wheel.TimerWheel;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agrona.DeadlineTimerWheel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A million timers come due in one tick, and each is set again. Time per timer. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MassExpiryBenchmark.TIMERS)
@Warmup(iterations = 10)
@Measurement(iterations = 20)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+UseG1GC"})
public class MassExpiryBenchmark {

    static final int TIMERS = 1_000_000;

    private static final long PERIOD_NS = 10_000_000_000L;

    /** The order in which the timers were set, and so fire. */
    public enum Order {
        /** By id: neighbours in memory. */
        SEQUENTIAL,
        /** As connections come and go. */
        RANDOM
    }

    static int[] ids(int count, Order order) {
        if (order == Order.SEQUENTIAL) {
            return IntStream.range(0, count).toArray();
        }
        List<Integer> ids = IntStream.range(0, count).boxed().collect(Collectors.toList());
        Collections.shuffle(ids, new Random(3));
        return ids.stream().mapToInt(id -> id).toArray();
    }

    /** Our wheel. */
    @State(Scope.Thread)
    public static class Ours {

        /** The order of the timers. */
        @Param
        public Order order = Order.RANDOM;

        final TimerWheel wheel = TimerWheel.builder().startNs(0).build();
        final ExpiryHandler again = (id, nowNs) -> wheel.schedule(id, nowNs + PERIOD_NS);
        long nowNs;

        /** Sets all timers. */
        @Setup
        public void fill() {
            for (int id : ids(TIMERS, order)) {
                wheel.schedule(id, PERIOD_NS);
            }
        }
    }

    /** Agrona's wheel, told the timer's number by an array, as its users do. */
    @State(Scope.Thread)
    public static class Agrona implements DeadlineTimerWheel.TimerHandler {

        final DeadlineTimerWheel wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, 1 << 24, 1024);
        long nowNs;

        /** Sets all timers. */
        @Setup
        public void fill() {
            for (int id = 0; id < TIMERS; id++) {
                wheel.scheduleTimer(PERIOD_NS);
            }
        }

        @Override
        public boolean onTimerExpiry(TimeUnit timeUnit, long now, long timerId) {
            wheel.scheduleTimer(now + PERIOD_NS);
            return true;
        }
    }

    /** One turn of our wheel. */
    @Benchmark
    public int ours(Ours state) {
        state.nowNs += PERIOD_NS + 16_000_000;
        int visited = state.wheel.advance(state.nowNs, Integer.MAX_VALUE, state.again);
        if (visited != TIMERS) {
            throw new IllegalStateException("visited " + visited);
        }
        return visited;
    }

    /** As many turns of Agrona's wheel as it takes to come to the tick and empty it. */
    @Benchmark
    public int agrona(Agrona state) {
        state.nowNs += PERIOD_NS + (2 << 24);
        int fired = 0;
        while (fired < TIMERS) {
            fired += state.wheel.poll(state.nowNs, state, TIMERS - fired);
        }
        return fired;
    }
}
