package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.interval.nat.ProbeOutcome;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SuppressWarnings("deprecation") // the event loops of Netty 4.1, in 4.2
@Timeout(60)
class NettySideProberTest {
    private static final long IDLE_NS = 300_000_000L;

    /** Long enough that it ends in no test. */
    private static final long LONG_NS = 60_000_000_000L;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private record Report(long id, ProbeOutcome outcome, long silenceNs, long nowNs) {}

    private final EventLoopGroup group = new NioEventLoopGroup(2);
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws InterruptedException {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    private static void frames(ChannelPipeline pipeline) {
        pipeline.addLast(new LengthFieldBasedFrameDecoder(65536, 0, 2, 0, 2));
        pipeline.addLast(new LengthFieldPrepender(2));
    }

    private interface Manners {
        ChannelHandler of(int number);
    }

    private SocketAddress serve(Manners manners) throws InterruptedException {
        AtomicInteger accepted = new AtomicInteger();
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        frames(channel.pipeline());
                        channel.pipeline().addLast(manners.of(accepted.getAndIncrement()));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel()
                .localAddress();
    }

    private NettySideProber prober(SocketAddress address) {
        return prober(group, address);
    }

    private static NettySideProber prober(EventLoopGroup group, SocketAddress address) {
        Bootstrap bootstrap = new Bootstrap().group(group).channel(NioSocketChannel.class);
        return NettySideProber.to(
                bootstrap, address, HeartbeatCodecs.binary(), NettySideProberTest::frames, 2, PATIENCE);
    }

    private void start(NettySideProber prober, long id, long idleNs) {
        prober.start(
                id,
                idleNs,
                (its, outcome, silenceNs, nowNs) -> reports.add(new Report(its, outcome, silenceNs, nowNs)),
                1_000_000_000_000L);
    }

    private Report probe(SocketAddress address, long idleNs) throws InterruptedException {
        start(prober(address), 7, idleNs);
        Report report = reports.poll(20, TimeUnit.SECONDS);
        assertNull(reports.poll(100, TimeUnit.MILLISECONDS));
        return report;
    }

    /** Answers the first question only, at once. */
    private static ChannelInboundHandlerAdapter answersOnly() {
        return new ChannelInboundHandlerAdapter() {
            private boolean answered;

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ReferenceCountUtil.release(msg);
                if (!answered) {
                    answered = true;
                    ByteBuf pong = ctx.alloc().buffer().writeByte(0x91).writeByte(1);
                    ctx.writeAndFlush(pong);
                }
            }
        };
    }

    @Test
    void server_withAHandler_provesTheSilence() throws InterruptedException {
        SocketAddress address = serve(number -> HeartbeatHandler.frames(HeartbeatPolicy.server()));
        Report report = probe(address, IDLE_NS);
        assertEquals(ProbeOutcome.PROVEN, report.outcome());
        assertTrue(report.silenceNs() >= IDLE_NS, report.toString());
        assertTrue(report.nowNs() - 1_000_000_000_000L >= IDLE_NS, report.toString());
        assertEquals(ProbeOutcome.PROVEN, probe(address, 0).outcome());
    }

    @Test
    void server_thatProbesMoreOften_provesTheSilenceAllTheSame() throws InterruptedException {
        HeartbeatPolicy probing = HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(500))
                .ackTimeout(Duration.ofMillis(500))
                .build();
        SocketAddress address = serve(number -> HeartbeatHandler.frames(probing));
        assertEquals(ProbeOutcome.PROVEN, probe(address, 5 * IDLE_NS).outcome());
    }

    @Test
    void server_thatIsNotHeard_isLostOnlyIfAControlIsAnswered() throws InterruptedException {
        assertEquals(
                ProbeOutcome.LOST,
                probe(serve(number -> answersOnly()), IDLE_NS).outcome());
        assertEquals(
                ProbeOutcome.UNREACHABLE,
                probe(serve(number -> number == 0 ? answersOnly() : new ChannelInboundHandlerAdapter()), IDLE_NS)
                        .outcome());
    }

    @Test
    void server_thatIsNotThereOrMute_isUnreachable() throws Exception {
        try (Socket nobody = new Socket()) {
            nobody.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // held, so that nobody listens there
            assertEquals(
                    ProbeOutcome.UNREACHABLE,
                    probe(nobody.getLocalSocketAddress(), IDLE_NS).outcome());
        }
        assertEquals(
                ProbeOutcome.UNREACHABLE,
                probe(serve(number -> new ChannelInboundHandlerAdapter()), IDLE_NS)
                        .outcome());
    }

    @Test
    void end_duringTheSilence_isAsItCame() throws InterruptedException {
        assertEquals(
                ProbeOutcome.CLOSED,
                probe(
                                serve(number -> new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                                        ReferenceCountUtil.release(msg);
                                        ctx.writeAndFlush(ctx.alloc()
                                                .buffer()
                                                .writeByte(0x91)
                                                .writeByte(1));
                                        ctx.executor().schedule(() -> ctx.close(), 100, TimeUnit.MILLISECONDS);
                                    }
                                }),
                                IDLE_NS)
                        .outcome());
    }

    @Test
    void cancel_endsItUntold_andTooManyAreRefused() throws InterruptedException {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        NettySideProber prober = prober(serve(number -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                ctx.pipeline().addLast(answersOnly());
                seen.add("opened");
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                seen.add("closed");
            }
        }));
        start(prober, 1, LONG_NS);
        start(prober, 2, LONG_NS);
        start(prober, 3, LONG_NS);
        Report refused = reports.poll(20, TimeUnit.SECONDS);
        assertEquals(3, refused.id());
        assertEquals(ProbeOutcome.REFUSED, refused.outcome());
        assertEquals("opened", seen.poll(20, TimeUnit.SECONDS));
        assertEquals("opened", seen.poll(20, TimeUnit.SECONDS));
        prober.cancel(1);
        assertEquals("closed", seen.poll(20, TimeUnit.SECONDS));
        start(prober, 4, IDLE_NS);
        Report next = reports.poll(20, TimeUnit.SECONDS);
        assertEquals(4, next.id());
        assertEquals(ProbeOutcome.LOST, next.outcome(), "there is a lane for it");
        assertNull(reports.poll(300, TimeUnit.MILLISECONDS));
    }

    @Test
    void cancel_byTheLoopThatHasJustStartedIt_opensNothingAndReportsNothing() throws Exception {
        EventLoopGroup one = new NioEventLoopGroup(1);
        try {
            AtomicInteger opened = new AtomicInteger();
            NettySideProber prober = prober(one, serve(number -> {
                opened.incrementAndGet();
                return answersOnly();
            }));
            one.submit(() -> {
                        for (int id = 0; id < 10; id++) {
                            start(prober, id, 0);
                            prober.cancel(id);
                        }
                    })
                    .sync();
            start(prober, 99, 0); // comes after all of these
            Report last = reports.poll(20, TimeUnit.SECONDS);
            assertEquals(99, last.id());
            assertEquals(ProbeOutcome.PROVEN, last.outcome(), "no lane is taken");
            assertEquals(1, opened.get());
            assertNull(reports.poll(PATIENCE.toMillis() + 300, TimeUnit.MILLISECONDS));
        } finally {
            one.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        }
    }

    @Test
    void cancel_whileTheLoopHasYetToRefuse_reportsNothing() throws Exception {
        EventLoopGroup one = new NioEventLoopGroup(1);
        try {
            NettySideProber prober = prober(one, serve(number -> answersOnly()));
            start(prober, 1, LONG_NS);
            start(prober, 2, LONG_NS); // all lanes are taken
            CountDownLatch canceled = new CountDownLatch(1);
            Future<Boolean> busy = one.submit(() -> canceled.await(20, TimeUnit.SECONDS));
            start(prober, 3, LONG_NS);
            prober.cancel(3);
            canceled.countDown();
            assertTrue(busy.get());
            assertNull(reports.poll(300, TimeUnit.MILLISECONDS));
        } finally {
            one.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        }
    }

    @Test
    void codec_thatThrowsWhenAsking_isUnreachableAndLeaksNothing() throws InterruptedException {
        HeartbeatCodec binary = HeartbeatCodecs.binary();
        HeartbeatCodec throwing = mock(HeartbeatCodec.class, delegatesTo(binary));
        doThrow(new IllegalStateException("codec")).when(throwing).encode(any(), any());
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        Bootstrap bootstrap =
                new Bootstrap().group(group).channel(NioSocketChannel.class).option(ChannelOption.ALLOCATOR, allocator);
        NettySideProber prober = NettySideProber.to(
                bootstrap, serve(number -> answersOnly()), throwing, NettySideProberTest::frames, 2, PATIENCE);
        start(prober, 1, IDLE_NS);
        assertEquals(
                ProbeOutcome.UNREACHABLE, reports.poll(20, TimeUnit.SECONDS).outcome());
        long startNs = System.nanoTime();
        while (usedBytes(allocator) > 0 && System.nanoTime() - startNs < 10_000_000_000L) {
            Thread.sleep(10);
        }
        assertEquals(0, usedBytes(allocator));
    }

    private static long usedBytes(UnpooledByteBufAllocator allocator) {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    @Test
    void codec_thatCannotAsk_isRefused() {
        Bootstrap bootstrap = new Bootstrap().group(group).channel(NioSocketChannel.class);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> NettySideProber.to(bootstrap, address, HeartbeatCodecs.line(), pipeline -> {}));
    }
}
