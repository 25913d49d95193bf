package dev.heartbeat.netty.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
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
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final HeartbeatPolicy POLICY = HeartbeatPolicy.builder()
            .interval(Duration.ofMillis(300))
            .ackTimeout(Duration.ofMillis(200))
            .build();

    @TempDir
    Path directory;

    private final EventLoopGroup group = new NioEventLoopGroup(1);
    private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeathCause> deaths = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() throws Exception {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private Channel connect(int port) throws Exception {
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
        for (int attempt = 0; ; attempt++) {
            try {
                return bootstrap.connect("127.0.0.1", port).sync().channel();
            } catch (Exception e) {
                if (!(e instanceof ConnectException) || attempt == 100) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    @Test
    void redis_answersOurPings_untilItFreezes() throws Exception {
        Program.require("redis-server", "redis-server", "--version");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (Program redis = Program.start(
                directory,
                "redis-server",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--dir",
                directory.toString())) {
            Channel channel = connect(port);
            channel.writeAndFlush(Unpooled.copiedBuffer("SET a 1\r\n", StandardCharsets.US_ASCII));
            assertEquals("+OK\r\n", replies.poll(10, TimeUnit.SECONDS));
            Thread.sleep(2_000);
            long acks = group.submit(() -> channel.pipeline()
                            .get(HeartbeatHandler.class)
                            .statistics()
                            .acks())
                    .get();
            assertTrue(acks >= 3 && acks <= 7, "acks in two seconds: " + acks);
            channel.writeAndFlush(Unpooled.copiedBuffer("INCR a\r\n", StandardCharsets.US_ASCII));
            assertEquals(":2\r\n", replies.poll(10, TimeUnit.SECONDS));
            assertTrue(deaths.isEmpty());

            redis.freeze();
            DeathCause cause = deaths.poll(10, TimeUnit.SECONDS);
            assertEquals(DeathCause.Kind.PEER_SILENT, cause.kind());
            assertEquals(3, cause.consecutiveMisses());
            channel.closeFuture().sync();
        }
    }
}
