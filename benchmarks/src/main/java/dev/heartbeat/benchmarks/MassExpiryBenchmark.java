package dev.heartbeat.benchmarks;

import dev.heartbeat.wheel.ExpiryHandler;
import dev.heartbeat.wheel.TimerWheel;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A million timers come due in one tick, and each is set again. Time per timer.
 *
 * <p>Agrona's wheel is not here: it looks for a free slot in the tick's row from its start, which takes quadratic time,
 * and all its rows grow with the longest.
 */
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

    /** The executor of the JDK. Its thread is held back until all are due; each task sets a later one. */
    @State(Scope.Thread)
    public static class Executor implements Runnable {

        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
        int ran;

        /** Sets all timers, due at once. */
        @Setup(Level.Invocation)
        public void fill() {
            CountDownLatch released = new CountDownLatch(1);
            go = released;
            done = new CountDownLatch(1);
            ran = 0;
            executor = new ScheduledThreadPoolExecutor(1);
            executor.execute(() -> Uninterrupted.await(released));
            for (int i = 0; i < TIMERS; i++) {
                var unused = executor.schedule(this, i % 1000, TimeUnit.NANOSECONDS);
            }
        }

        /** Stops its thread. */
        @TearDown(Level.Invocation)
        public void stop() {
            executor.shutdownNow();
        }

        @Override
        public void run() {
            var unused = executor.schedule(() -> {}, 1, TimeUnit.HOURS);
            if (++ran == TIMERS) {
                done.countDown();
            }
        }
    }

    private static final class Uninterrupted {

        static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
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

    /** The executor's thread works them all off. */
    @Benchmark
    public int executor(Executor state) {
        state.go.countDown();
        Uninterrupted.await(state.done);
        return state.ran;
    }
}
