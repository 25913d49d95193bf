package dev.heartbeat.benchmarks.engine;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.benchmarks.programs.PassiveChannel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/**
 * A packet arrives on one of many connections, in no order: what noting it costs. Netty's handler costs what a channel
 * with it takes longer than one without. A bare store into an array is the limit of what any of them could reach.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ActivityBenchmark.BATCH)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch"})
public class ActivityBenchmark {

    static final int BATCH = 1024;

    private static final long TURN_NS = 1_000;

    /** The connections in no order, to be read one after the other: what is read has been fetched ahead. */
    private static int[] order(int connections) {
        int[] order = new int[Math.max(BATCH, connections)];
        Random random = new Random(17);
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i % connections;
        }
        return order;
    }

    /** Where the next batch begins. */
    private static int next(int at, int[] order) {
        return at + 2 * BATCH > order.length ? 0 : at + BATCH;
    }

    /** Connections that a monitor watches. */
    @State(Scope.Thread)
    public static class Watched implements HeartbeatTransport {
        /** How many. */
        @Param({"1", "1000000", "10000000"})
        public int connections;

        HeartbeatMonitor monitor = HeartbeatMonitor.builder().capacity(1).build((handle, cause) -> {}, 0);
        long first;
        int[] order = {};
        int at;
        long nowNs;

        /** Opens them. */
        @Setup
        public void open() {
            HeartbeatTransport me = this;
            monitor = HeartbeatMonitor.builder()
                    .capacity(connections)
                    .countPerConnection(false)
                    .build((handle, cause) -> {}, 0);
            first = monitor.open(me, HeartbeatPolicy.server(), 0);
            for (int i = 1; i < connections; i++) {
                long handle = monitor.open(me, HeartbeatPolicy.server(), 0);
                if (handle != first + i) {
                    throw new IllegalStateException("handle: " + handle);
                }
            }
            order = order(connections);
        }

        @Override
        public void sendProbe(long handle, int probeId) {}

        @Override
        public void close(long handle, DeathCause cause) {}
    }

    /** Instants side by side. */
    @State(Scope.Thread)
    public static class Column {
        /** How many. */
        @Param({"1", "1000000", "10000000"})
        public int connections;

        long[] heardNs = {};
        int[] order = {};
        int at;
        long nowNs;

        /** Makes them. */
        @Setup
        public void make() {
            heardNs = new long[connections];
            order = order(connections);
        }
    }

    /** Channels of Netty. */
    @State(Scope.Thread)
    public static class Channels {
        /** How many. */
        @Param({"1", "1000000"})
        public int connections;

        /** With an {@code IdleStateHandler}, or just the handler behind it. */
        @Param
        public With with = With.IDLE_STATE;

        PassiveChannel[] channels = {};
        int[] order = {};
        int at;

        /** Opens them. */
        @Setup
        public void open() {
            ManualIoEventLoop loop = new ManualIoEventLoop(Thread.currentThread(), LocalIoHandler.newFactory());
            channels = new PassiveChannel[connections];
            Sink sink = new Sink();
            for (int i = 0; i < connections; i++) {
                channels[i] = PassiveChannel.on(loop, with.handler(), sink);
            }
            order = order(connections);
        }
    }

    /** What a pipeline holds. */
    public enum With {
        /** The handler to be measured. */
        IDLE_STATE {
            @Override
            ChannelHandler handler() {
                return new IdleStateHandler(60, 0, 0, TimeUnit.SECONDS);
            }
        },
        /** One that passes everything on. */
        PASS_THROUGH {
            @Override
            ChannelHandler handler() {
                return new PassThrough();
            }
        };

        abstract ChannelHandler handler();
    }

    private static final class PassThrough extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.fireChannelRead(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.fireChannelReadComplete();
        }
    }

    @ChannelHandler.Sharable
    private static final class Sink extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {}

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {}
    }

    /** Ours, with the clock read once for a turn of the loop. Who has read a packet has its connection's handle at hand. */
    @Benchmark
    public long heartbeat(Watched state) {
        HeartbeatMonitor monitor = state.monitor;
        long first = state.first;
        int[] order = state.order;
        long nowNs = state.nowNs += TURN_NS;
        int at = next(state.at, order);
        state.at = at;
        for (int i = 0; i < BATCH; i++) {
            monitor.received(first + order[at + i], nowNs);
        }
        return nowNs;
    }

    /** Stores the time. */
    @Benchmark
    public long bareStore(Column state) {
        long[] heardNs = state.heardNs;
        int[] order = state.order;
        long nowNs = state.nowNs += TURN_NS;
        int at = next(state.at, order);
        state.at = at;
        for (int i = 0; i < BATCH; i++) {
            heardNs[order[at + i]] = nowNs;
        }
        return nowNs;
    }

    /** One read and its end through a pipeline. */
    @Benchmark
    public int netty(Channels state) {
        PassiveChannel[] channels = state.channels;
        int[] order = state.order;
        int at = next(state.at, order);
        state.at = at;
        for (int i = 0; i < BATCH; i++) {
            channels[order[at + i]].pipeline().fireChannelRead(state).fireChannelReadComplete();
        }
        return at;
    }
}
