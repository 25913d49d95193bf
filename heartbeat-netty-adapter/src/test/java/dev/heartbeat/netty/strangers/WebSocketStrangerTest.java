package dev.heartbeat.netty.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.netty.HeartbeatHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of Python's {@code websockets}, which answer pings by themselves, at a Netty server. */
@Timeout(60)
@SuppressWarnings("deprecation") // the loops' names in Netty 4.1; Netty 4.2 has them still
class WebSocketStrangerTest {
    /** A frozen peer is dead after 3 s; a slow one, on a busy machine, has 2 s to answer. */
    private static final HeartbeatPolicy POLICY = HeartbeatPolicy.builder()
            .interval(Duration.ofSeconds(1))
            .ackTimeout(Duration.ofSeconds(1))
            .failureDetector(FailureDetectors.consecutiveMisses(2))
            .build();

    private static final String CLIENT = """
            import asyncio, sys, websockets
            async def main():
                while True:
                    try:
                        async with websockets.connect(sys.argv[1], ping_interval=None) as ws:
                            print("open", flush=True)
                            async for message in ws:
                                pass
                            print("closed", flush=True)
                    except Exception as e:
                        print("lost", type(e).__name__, flush=True)
                    await asyncio.sleep(0.2)
            asyncio.run(main())
            """;

    @TempDir
    Path directory;

    private final EventLoopGroup group = new NioEventLoopGroup(1);
    private final ChannelGroup online = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final BlockingQueue<Channel> arrivals = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeathCause> deaths = new LinkedBlockingQueue<>();
    private String url = "";

    @BeforeEach
    void serve() throws Exception {
        Program.require("python3-websockets", "/usr/bin/python3", "-c", "import websockets");
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(8192),
                                        new WebSocketServerProtocolHandler("/"),
                                        HeartbeatHandler.builder(POLICY)
                                                .webSocket()
                                                .onDeath((dead, cause) -> deaths.add(cause))
                                                .build());
                        online.add(channel);
                        arrivals.add(channel);
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        url = "ws://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/";
    }

    @AfterEach
    void shutDown() throws Exception {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private Program client() throws Exception {
        Program client = Program.start(directory, "/usr/bin/python3", "-c", CLIENT, url);
        arrival();
        return client;
    }

    private Channel arrival() throws Exception {
        Channel channel = arrivals.poll(20, TimeUnit.SECONDS);
        assertTrue(channel != null, "no client came");
        return channel;
    }

    @Test
    void frozenClient_isDeadAfterTwoMisses_andReturnsWhenItThaws() throws Exception {
        try (Program frozen = client();
                Program healthy = client()) {
            Thread.sleep(1_500);
            assertEquals(2, online.size());
            frozen.freeze();
            DeathCause cause = deaths.poll(20, TimeUnit.SECONDS);
            assertTrue(cause != null, "never noticed");
            assertEquals(DeathCause.Kind.PEER_SILENT, cause.kind());
            assertEquals(2, cause.consecutiveMisses());
            assertTrue(cause.silence().compareTo(Duration.ofSeconds(2)) >= 0, cause::toString);
            assertEquals(1, online.size(), "the other one is still there");
            frozen.thaw();
            arrival();
            Thread.sleep(1_500);
            assertEquals(2, online.size());
            assertTrue(deaths.isEmpty(), deaths::toString);
            assertEquals("open\n", healthy.output());
        }
    }

    @Test
    void killedClient_isNoticedAtOnce() throws Exception {
        try (Program killed = client();
                Program healthy = client()) {
            Thread.sleep(700);
            killed.kill();
            DeathCause cause = deaths.poll(20, TimeUnit.SECONDS);
            assertTrue(cause != null, "never noticed");
            assertTrue(
                    cause.kind() == DeathCause.Kind.CLOSED_BY_PEER || cause.kind() == DeathCause.Kind.TRANSPORT_ERROR,
                    cause::toString);
            Thread.sleep(1_000);
            assertEquals(1, online.size());
            assertEquals("open\n", healthy.output());
        }
    }
}
