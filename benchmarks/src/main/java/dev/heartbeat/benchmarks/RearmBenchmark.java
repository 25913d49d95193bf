package dev.heartbeat.benchmarks;

import dev.heartbeat.wheel.TimerWheel;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A packet arrives on one of many connections, in no order, and the connection's timeout of a minute begins anew at once,
 * as in a server that knows no better. What the monitor does instead, a mark, is in {@code ActivityBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms6g", "-Xmx6g", "-XX:+UseG1GC"})
public class RearmBenchmark {
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long TICK_NS = 1L << 24;
    private static final long STEP_NS = 2_000;

    /** Whose turn it is, and when. */
    @State(Scope.Thread)
    public static class Packets {
        /** How many connections there are. */
        @Param("1000000")
        public int live;

        int[] order = {};
        int next;
        long nowNs;

        /** Chooses the order. */
        @Setup
        public void shuffle() {
            order = MassExpiryBenchmark.ids(live, MassExpiryBenchmark.Order.RANDOM);
        }

        int next() {
            next = next + 1 == order.length ? 0 : next + 1;
            nowNs += STEP_NS;
            return order[next];
        }
    }

    /** Our wheel. */
    @State(Scope.Thread)
    public static class Ours {
        TimerWheel wheel = TimerWheel.builder().startNs(0).build();

        /** Sets all timers. */
        @Setup
        public void fill(Packets packets) {
            wheel = TimerWheel.builder().capacity(packets.live).startNs(0).build();
            for (int id : packets.order) {
                wheel.schedule(id, TIMEOUT_NS + id * STEP_NS);
            }
        }
    }

    /** Agrona's wheel. */
    @State(Scope.Thread)
    public static class Agrona {
        final DeadlineTimerWheel wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK_NS, 4096);
        long[] timers = {};

        /** Sets all timers. */
        @Setup
        public void fill(Packets packets) {
            timers = new long[packets.live];
            for (int id : packets.order) {
                timers[id] = wheel.scheduleTimer(TIMEOUT_NS + id * STEP_NS);
            }
        }
    }

    /** Netty's wheel with its own thread. */
    @State(Scope.Thread)
    public static class Netty {
        final TimerTask task = timeout -> {};
        final HashedWheelTimer timer = new HashedWheelTimer(16, TimeUnit.MILLISECONDS, 4096);
        Timeout[] timeouts = {};

        /** Sets all timers. */
        @Setup
        public void fill(Packets packets) {
            timeouts = new Timeout[packets.live];
            for (int id : packets.order) {
                timeouts[id] = timer.newTimeout(task, TIMEOUT_NS, TimeUnit.NANOSECONDS);
            }
        }

        /** Stops its thread. */
        @TearDown
        public void stop() {
            timer.stop();
        }
    }

    /** The executor of the JDK, told to forget what is cancelled. */
    @State(Scope.Thread)
    public static class Executor {
        final Runnable task = () -> {};
        final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
        ScheduledFuture<?>[] futures = {};

        /** Sets all timers. */
        @Setup
        public void fill(Packets packets) {
            executor.setRemoveOnCancelPolicy(true);
            futures = new ScheduledFuture<?>[packets.live];
            for (int id : packets.order) {
                futures[id] = executor.schedule(task, TIMEOUT_NS, TimeUnit.NANOSECONDS);
            }
        }

        /** Stops its thread. */
        @TearDown
        public void stop() {
            executor.shutdownNow();
        }
    }

    /** Moves a timer of our wheel. */
    @Benchmark
    public int ours(Packets packets, Ours state) {
        int id = packets.next();
        state.wheel.schedule(id, packets.nowNs + TIMEOUT_NS);
        return id;
    }

    /** Moves a timer of Agrona's wheel. */
    @Benchmark
    public int agrona(Packets packets, Agrona state) {
        int id = packets.next();
        state.wheel.cancelTimer(state.timers[id]);
        state.timers[id] = state.wheel.scheduleTimer(packets.nowNs + TIMEOUT_NS);
        return id;
    }

    /** Moves a timer of Netty's wheel. */
    @Benchmark
    public int netty(Packets packets, Netty state) {
        int id = packets.next();
        state.timeouts[id].cancel();
        state.timeouts[id] = state.timer.newTimeout(state.task, TIMEOUT_NS, TimeUnit.NANOSECONDS);
        return id;
    }

    /** Moves a timer of the executor. */
    @Benchmark
    public int executor(Packets packets, Executor state) {
        int id = packets.next();
        state.futures[id].cancel(false);
        state.futures[id] = state.executor.schedule(state.task, TIMEOUT_NS, TimeUnit.NANOSECONDS);
        return id;
    }
}
