package dev.heartbeat.examples.echo;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.nio.NioHeartbeats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The same, wrapped. A client that vanishes is found and closed; one that pings is answered. */
public final class HeartbeatEchoServer {
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final NioHeartbeats heartbeats;

    HeartbeatEchoServer(int port, HeartbeatPolicy policy) throws IOException {
        server.bind(new InetSocketAddress(port));
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        heartbeats = NioHeartbeats.on(selector, policy, (key, cause) -> System.out.println(cause));
    }

    int port() {
        return server.socket().getLocalPort();
    }

    void serve() throws IOException {
        while (!Thread.interrupted()) {
            heartbeats.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel client = server.accept();
                    client.configureBlocking(false);
                    heartbeats.open(client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(4096)));
                } else {
                    echo(key);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void echo(SelectionKey key) throws IOException {
        SocketChannel client = (SocketChannel) key.channel();
        ByteBuffer buffer = (ByteBuffer) key.attachment();
        try {
            if (key.isReadable() && heartbeats.read(key, buffer) < 0) {
                client.close();
                return;
            }
            buffer.flip();
            heartbeats.write(key, buffer);
            buffer.compact();
            int write = buffer.position() > 0 ? SelectionKey.OP_WRITE : 0;
            int read = buffer.hasRemaining() ? SelectionKey.OP_READ : 0;
            key.interestOps(read | write);
        } catch (IOException e) {
            client.close();
        }
    }

    public static void main(String[] args) throws IOException {
        new HeartbeatEchoServer(args.length > 0 ? Integer.parseInt(args[0]) : 7777, HeartbeatPolicy.server()).serve();
    }
}
