package dev.heartbeat.netty.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.netty.HeartbeatHandler;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lines to a Redis server: its {@code PING} and {@code +PONG} between the application's own commands. */
@Timeout(60)
@SuppressWarnings("deprecation") // the loops' names in Netty 4.1; Netty 4.2 has them still
class RedisStrangerTest {
    private static final long INTERVAL_MS = 300;

    /** Redis has 1.5 s to answer, on a busy machine. */
    private static final HeartbeatPolicy POLICY = HeartbeatPolicy.builder()
            .interval(Duration.ofMillis(INTERVAL_MS))
            .ackTimeout(Duration.ofMillis(INTERVAL_MS))
            .failureDetector(FailureDetectors.consecutiveMisses(5))
            .build();

    @TempDir
    Path directory;

    private final EventLoopGroup group = new NioEventLoopGroup(1);
    private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeathCause> deaths = new LinkedBlockingQueue<>();
    private int port;

    @AfterEach
    void shutDown() throws Exception {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private Channel connect() throws Exception {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(HeartbeatHandler.builder(POLICY).stream(
                                                HeartbeatCodecs.line(), MessageLength.endingWith((byte) '\n'))
                                        .onDeath((dead, cause) -> deaths.add(cause))
                                        .build());
                        channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf reply) {
                                replies.add(reply.toString(StandardCharsets.US_ASCII));
                            }
                        });
                    }
                });
        return bootstrap.connect("127.0.0.1", port).sync().channel();
    }

    /** Starts Redis on a port that was free a moment ago; on another one if somebody has taken it since. */
    private Program startRedis() throws Exception {
        String output = "";
        for (int attempt = 0; attempt < 5; attempt++) {
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Program redis = Program.start(
                    directory,
                    "redis-server",
                    "--port",
                    Integer.toString(port),
                    "--save",
                    "",
                    "--dir",
                    directory.toString());
            long startNs = System.nanoTime();
            while (redis.isRunning() && System.nanoTime() - startNs < 20_000_000_000L) {
                if (redis.output().toLowerCase(Locale.ROOT).contains("ready to accept connections")) {
                    return redis;
                }
                Thread.sleep(20);
            }
            output = redis.output();
            redis.close();
        }
        throw new IllegalStateException("redis-server does not start: " + output);
    }

    private long acks(Channel channel) throws Exception {
        return group.submit(() -> channel.pipeline()
                        .get(HeartbeatHandler.class)
                        .statistics()
                        .acks())
                .get();
    }

    @Test
    void redis_answersOurPings_untilItFreezes() throws Exception {
        Program.require("redis-server", "redis-server", "--version");
        try (Program redis = startRedis()) {
            long startNs = System.nanoTime();
            Channel channel = connect();
            channel.writeAndFlush(Unpooled.copiedBuffer("SET a 1\r\n", StandardCharsets.US_ASCII));
            assertEquals("+OK\r\n", replies.poll(10, TimeUnit.SECONDS));
            long acks = acks(channel);
            while (acks < 5 && System.nanoTime() - startNs < 20_000_000_000L) {
                Thread.sleep(50);
                acks = acks(channel);
            }
            long passedMs = (System.nanoTime() - startNs) / 1_000_000;
            assertTrue(acks >= 5, "acks: " + acks);
            assertTrue(acks <= passedMs / INTERVAL_MS + 1, "acks in " + passedMs + " ms: " + acks);
            channel.writeAndFlush(Unpooled.copiedBuffer("INCR a\r\n", StandardCharsets.US_ASCII));
            assertEquals(":2\r\n", replies.poll(10, TimeUnit.SECONDS));
            assertTrue(deaths.isEmpty());

            redis.freeze();
            DeathCause cause = deaths.poll(20, TimeUnit.SECONDS);
            assertEquals(DeathCause.Kind.PEER_SILENT, cause.kind());
            assertEquals(5, cause.consecutiveMisses());
            channel.closeFuture().sync();
        }
    }
}
