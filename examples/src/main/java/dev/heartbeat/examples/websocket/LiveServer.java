package dev.heartbeat.examples.websocket;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.netty.HeartbeatHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Serves the page and its WebSocket. What is special about it is one line. */
public final class LiveServer implements AutoCloseable {
    /** Asks a browser that is quiet for five seconds, and gives it up after nine. */
    static final HeartbeatPolicy POLICY = HeartbeatPolicy.builder()
            .interval(Duration.ofSeconds(5))
            .probeWhen(Quiet.INBOUND)
            .ackTimeout(Duration.ofSeconds(2))
            .failureDetector(FailureDetectors.consecutiveMisses(2))
            .build();

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private final Room room = new Room();
    private final Channel server;

    LiveServer(int port, HeartbeatPolicy policy) {
        server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(8192))
                                .addLast(new PageHandler())
                                .addLast(new WebSocketServerProtocolHandler("/live"))
                                .addLast(HeartbeatHandler.webSocket(policy)) // this one
                                .addLast(new VisitorHandler(room));
                    }
                })
                .bind(port)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    Room room() {
        return room;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /**
     * Serves until it is stopped.
     *
     * @param args the port; 8080 if left out
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
        try (LiveServer server = new LiveServer(port, POLICY)) {
            System.out.println("http://localhost:" + server.port() + "/");
            server.server.closeFuture().sync();
        }
    }
}
