package dev.heartbeat.examples.chat;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.netty.HeartbeatHandler;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The same chat on Netty: the same lines, the same room, the same clients. */
public final class ChatNettyServer implements AutoCloseable {
    private static final int LONGEST_LINE = 4096;

    // One loop, since the room is confined to one thread.
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChatRoom room = new ChatRoom();
    private final Channel listening;

    /**
     * A server that serves already.
     *
     * @param address where to listen
     * @param policy for each client
     */
    public ChatNettyServer(SocketAddress address, HeartbeatPolicy policy) {
        listening = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        HeartbeatHandler.stream(policy, HeartbeatCodecs.binary(), MessageLength.utf8()))
                                .addLast(new LineBasedFrameDecoder(LONGEST_LINE))
                                .addLast(new StringDecoder(StandardCharsets.UTF_8))
                                .addLast(new StringEncoder(StandardCharsets.UTF_8))
                                .addLast(new Client(channel));
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    /** One connection. However it ends, the room forgets it at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // what fails to be written fails the channel, and that is told
    private final class Client extends SimpleChannelInboundHandler<String> implements ChatRoom.Member {
        private final Channel channel;

        Client(Channel channel) {
            this.channel = channel;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            room.heard(this, line);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            room.left(this);
            ctx.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.out.println("thrown out: " + cause);
            ctx.close();
        }

        @Override
        public void send(String line) {
            if (channel.isWritable()) {
                channel.writeAndFlush(line + "\n");
            } else {
                channel.close(); // it has stopped reading
            }
        }

        @Override
        public void dismiss() {
            room.left(this);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /**
     * Where it listens.
     *
     * @return the address
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /**
     * Serves until it is killed.
     *
     * @param args the port, 7777 if there is none
     */
    public static void main(String[] args) {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 7777;
        try (ChatNettyServer server = new ChatNettyServer(new InetSocketAddress(port), HeartbeatPolicy.server())) {
            System.out.println("chat on " + server.address());
            server.listening.closeFuture().syncUninterruptibly();
        }
    }
}
