package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.wire.HeartbeatCodecs;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real loops, channels in memory. */
@Timeout(60)
class LoopTest {
    private static final HeartbeatPolicy CLIENT = HeartbeatPolicy.client();

    /** Remembers what was scheduled. */
    private static final class CountingLoop extends DefaultEventLoop {
        final ConcurrentLinkedQueue<ScheduledFuture<?>> scheduled = new ConcurrentLinkedQueue<>();

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            ScheduledFuture<?> future = super.schedule(command, delay, unit);
            scheduled.add(future);
            return future;
        }

        /** Tasks that wait to be run: the one that never comes due is the clock. */
        long waiting() {
            return scheduled.stream()
                    .filter(task -> !task.isDone() && task.getDelay(TimeUnit.DAYS) < 1000)
                    .count();
        }

        long clocks() {
            return scheduled.stream()
                    .filter(task -> !task.isDone() && task.getDelay(TimeUnit.DAYS) >= 1000)
                    .count();
        }
    }

    private static Channel serve(EventLoopGroup group, LocalAddress address, Recorder app) throws Exception {
        return new ServerBootstrap()
                .group(group)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Takes(app));
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    /** Takes everything and answers nothing. */
    private static final class Takes extends ChannelInboundHandlerAdapter {
        private final Recorder app;

        Takes(Recorder app) {
            this.app = app;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            app.channelRead(ctx, msg);
        }
    }

    private static Bootstrap client(EventLoopGroup loop, LocalAddress address, Supplier<HeartbeatHandler> handler) {
        return new Bootstrap()
                .group(loop)
                .channel(LocalChannel.class)
                .remoteAddress(address)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handler.get());
                    }
                });
    }

    private static void inLoop(EventLoopGroup loop, Runnable task) throws Exception {
        loop.submit(task).get(30, TimeUnit.SECONDS);
    }

    /** A local channel's connect is told by the other loop, which only then asks ours to make the channel active. */
    private static void awaitWatched(EventLoopGroup loop, Channel one, int channels) throws Exception {
        AtomicInteger watched = new AtomicInteger();
        long startNs = System.nanoTime();
        do {
            inLoop(loop, () -> watched.set(LoopHeartbeats.of(one).watchedChannels()));
        } while (watched.get() != channels && System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30));
        assertEquals(channels, watched.get());
    }

    @Test
    void manyChannels_onOneLoop_shareOneTaskThatGoesWithTheLast() throws Exception {
        CountingLoop loop = new CountingLoop();
        LocalAddress address = new LocalAddress("one-task");
        try {
            serve(loop, address, new Recorder());
            List<Channel> channels = new CopyOnWriteArrayList<>();
            Bootstrap client = client(loop, address, () -> HeartbeatHandler.frames(CLIENT));
            for (int i = 0; i < 1_000; i++) {
                channels.add(client.connect().sync().channel());
            }
            awaitWatched(loop, channels.get(0), 1_000);
            inLoop(loop, () -> {
                assertEquals(1, loop.waiting());
                assertEquals(1, loop.clocks());
            });
            // Traffic asks for no earlier wake-up.
            int scheduled = loop.scheduled.size();
            for (Channel channel : channels) {
                channel.writeAndFlush(Rig.bytes("x")).sync();
            }
            assertEquals(scheduled, loop.scheduled.size());
            for (Channel channel : channels) {
                channel.close().sync();
            }
            inLoop(loop, () -> {
                assertEquals(0, loop.waiting());
                assertEquals(0, loop.clocks());
            });
        } finally {
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void loopShutDown_withTenThousandChannels_tellsNobodyAndLeaksNothing() throws Exception {
        findLeaks(); // those of other tests, which are none of ours
        AtomicInteger leaks = new AtomicInteger();
        ByteBufUtil.setLeakListener((type, records) -> leaks.incrementAndGet());
        try {
            AtomicInteger told = new AtomicInteger();
            List<WeakReference<Object>> ours = openTenThousandAndShutDown(told);
            assertEquals(0, told.get());
            for (WeakReference<Object> reference : ours) {
                for (int i = 0; i < 100 && reference.get() != null; i++) {
                    System.gc();
                    Thread.sleep(20);
                }
                assertNull(reference.get(), "still held after the loop has gone");
            }
            findLeaks();
            assertEquals(0, leaks.get());
        } finally {
            ByteBufUtil.setLeakListener(null); // it is the whole process's
        }
    }

    /** A leak is told when what was leaked has been collected, and another buffer is made. */
    private static void findLeaks() throws InterruptedException {
        System.gc();
        Thread.sleep(20);
        for (int i = 0; i < 2_000; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(16).release();
        }
    }

    private static List<WeakReference<Object>> openTenThousandAndShutDown(AtomicInteger told) throws Exception {
        DefaultEventLoop loop = new DefaultEventLoop();
        DefaultEventLoop serverLoop = new DefaultEventLoop();
        LocalAddress address = new LocalAddress("ten-thousand");
        List<WeakReference<Object>> ours = new CopyOnWriteArrayList<>();
        try {
            serve(serverLoop, address, new Recorder());
            Bootstrap client = client(
                    loop,
                    address,
                    () -> HeartbeatHandler.builder(CLIENT)
                            .onDeath((channel, cause) -> told.incrementAndGet())
                            .build());
            CountDownLatch open = new CountDownLatch(10_000);
            for (int i = 0; i < 10_000; i++) {
                client.connect().addListener(future -> {
                    if (future.isSuccess()) {
                        open.countDown();
                    }
                });
            }
            assertTrue(open.await(60, TimeUnit.SECONDS));
            Channel last = client.connect().sync().channel();
            awaitWatched(loop, last, 10_001);
            inLoop(loop, () -> {
                last.pipeline().get(HeartbeatHandler.class).probeNow();
                LoopHeartbeats heartbeats = LoopHeartbeats.of(last);
                ours.add(new WeakReference<>(heartbeats));
                ours.add(new WeakReference<>(last.pipeline().get(HeartbeatHandler.class)));
            });
        } finally {
            loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
            serverLoop.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
        }
        return ours;
    }

    @Test
    void loopBlocked_byAHandlerForLongerThanADeath_killsNobodyWhoAnswered() throws Exception {
        HeartbeatPolicy hasty = HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(1))
                .ackTimeout(Duration.ofSeconds(1)) // the server's loop may have to wait for a busy machine
                .build();
        DefaultEventLoop loop = new DefaultEventLoop();
        DefaultEventLoop serverLoop = new DefaultEventLoop();
        Recorder app = new Recorder();
        LocalAddress address = new LocalAddress("blocked");
        try {
            new ServerBootstrap()
                    .group(serverLoop)
                    .channel(LocalServerChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(HeartbeatHandler.frames(HeartbeatPolicy.server()));
                        }
                    })
                    .bind(address)
                    .sync();
            Channel channel = client(
                            loop,
                            address,
                            () -> HeartbeatHandler.builder(hasty).onDeath(app).build())
                    .connect()
                    .sync()
                    .channel();
            inLoop(loop, () -> channel.pipeline().addLast(app));
            for (int i = 0; i < 2; i++) {
                Thread.sleep(1_050);
                inLoop(loop, LoopTest::block);
            }
            Thread.sleep(3_300);
            assertTrue(channel.isOpen());
            assertEquals(List.of(), app.told);
            channel.close().sync();
            inLoop(serverLoop, () -> {});
        } finally {
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
            serverLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    /** For longer than an interval and three ack timeouts. */
    private static void block() {
        try {
            Thread.sleep(4_500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void peerThatSaysNothing_onARealLoop_isDeadInTime() throws Exception {
        HeartbeatPolicy hasty = HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(200))
                .ackTimeout(Duration.ofMillis(100))
                .build();
        DefaultEventLoop loop = new DefaultEventLoop();
        LocalAddress address = new LocalAddress("silent");
        try {
            serve(loop, address, new Recorder());
            CountDownLatch dead = new CountDownLatch(1);
            Channel channel = client(
                            loop,
                            address,
                            () -> HeartbeatHandler.builder(hasty)
                                    .protocol(HeartbeatProtocol.frames(HeartbeatCodecs.line()))
                                    .onDeath((its, cause) -> dead.countDown())
                                    .build())
                    .connect()
                    .sync()
                    .channel();
            assertTrue(dead.await(10, TimeUnit.SECONDS));
            channel.closeFuture().sync();
        } finally {
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }
}
