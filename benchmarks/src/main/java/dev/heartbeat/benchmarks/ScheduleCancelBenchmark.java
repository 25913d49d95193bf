package dev.heartbeat.benchmarks;

import dev.heartbeat.wheel.TimerWheel;
import io.netty.util.HashedWheelTimer;
import io.netty.util.TimerTask;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One timer is set and unset again, while many others wait: what every request with a timeout does. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms6g", "-Xmx6g", "-XX:+UseG1GC"})
public class ScheduleCancelBenchmark {

    private static final long TIMEOUT_NS = 10_000_000_000L;
    private static final int VARIED = 1 << 12;

    /** Delays from 1 to 60 s in no order. */
    static long[] variedDelays() {
        return new Random(7).longs(VARIED, 1_000_000_000L, 60_000_000_000L).toArray();
    }

    /** Our wheel; its time stands still. */
    @State(Scope.Thread)
    public static class Ours {

        /** How many timers wait meanwhile. */
        @Param({"1000", "100000", "1000000", "5000000"})
        public int live;

        TimerWheel wheel = TimerWheel.builder().startNs(0).build();
        long[] delays = variedDelays();
        int next;

        /** Sets the timers that wait. */
        @Setup
        public void fill() {
            wheel = TimerWheel.builder().capacity(live + VARIED).startNs(0).build();
            Random random = new Random(1);
            for (int id = 0; id < live; id++) {
                wheel.schedule(id, random.nextLong(1_000_000_000L, 60_000_000_000L));
            }
        }
    }

    /** Netty's wheel with its own thread. */
    @State(Scope.Thread)
    public static class Netty {

        /** How many timers wait meanwhile. */
        @Param({"1000", "100000", "1000000", "5000000"})
        public int live;

        final TimerTask task = timeout -> {};
        HashedWheelTimer timer = new HashedWheelTimer(16, TimeUnit.MILLISECONDS, 4096);

        /** Sets the timers that wait, far enough not to fire. */
        @Setup
        public void fill() {
            Random random = new Random(1);
            for (int i = 0; i < live; i++) {
                timer.newTimeout(task, random.nextLong(3600, 7200), TimeUnit.SECONDS);
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

        /** How many timers wait meanwhile. */
        @Param({"1000", "100000", "1000000", "5000000"})
        public int live;

        final Runnable task = () -> {};
        final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

        /** Sets the timers that wait, far enough not to fire. */
        @Setup
        public void fill() {
            executor.setRemoveOnCancelPolicy(true);
            Random random = new Random(1);
            for (int i = 0; i < live; i++) {
                var unused = executor.schedule(task, random.nextLong(3600, 7200), TimeUnit.SECONDS);
            }
        }

        /** Stops its thread. */
        @TearDown
        public void stop() {
            executor.shutdownNow();
        }
    }

    /** Agrona's wheel with a tick near ours; its time stands still. */
    @State(Scope.Thread)
    public static class Agrona {

        /** How many timers wait meanwhile. */
        @Param({"1000", "100000", "1000000", "5000000"})
        public int live;

        DeadlineTimerWheel wheel = newWheel();

        private static DeadlineTimerWheel newWheel() {
            return new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, 1 << 24, 4096);
        }

        /** Sets the timers that wait. */
        @Setup(Level.Trial)
        public void fill() {
            wheel = newWheel();
            Random random = new Random(1);
            for (int i = 0; i < live; i++) {
                wheel.scheduleTimer(random.nextLong(1_000_000_000L, 60_000_000_000L));
            }
        }
    }

    /** A constant timeout, as most are. */
    @Benchmark
    public boolean ours(Ours state) {
        int id = state.live + (state.next++ & (VARIED - 1));
        state.wheel.schedule(id, TIMEOUT_NS);
        return state.wheel.cancel(id);
    }

    /** Each time another timeout: half of them are earlier than the entry that the cancelled timer left. */
    @Benchmark
    public boolean oursVaried(Ours state) {
        int turn = state.next++;
        int id = state.live + (turn & (VARIED - 1));
        state.wheel.schedule(id, state.delays[(turn * 31) >>> 7 & (VARIED - 1)]);
        return state.wheel.cancel(id);
    }

    /** The peer of most Java services. */
    @Benchmark
    public boolean netty(Netty state) {
        return state.timer.newTimeout(state.task, 10, TimeUnit.SECONDS).cancel();
    }

    /** The peer in the JDK. */
    @Benchmark
    public boolean executor(Executor state) {
        return state.executor.schedule(state.task, 10, TimeUnit.SECONDS).cancel(false);
    }

    /** The peer that does not allocate. */
    @Benchmark
    public boolean agrona(Agrona state) {
        return state.wheel.cancelTimer(state.wheel.scheduleTimer(TIMEOUT_NS));
    }
}
