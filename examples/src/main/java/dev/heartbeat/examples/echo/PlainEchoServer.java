package dev.heartbeat.examples.echo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A selector echo server as it stands in every tutorial. A client that vanishes stays connected for ever. */
public final class PlainEchoServer {
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();

    PlainEchoServer(int port) throws IOException {
        server.bind(new InetSocketAddress(port));
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
    }

    int port() {
        return server.socket().getLocalPort();
    }

    void serve() throws IOException {
        while (!Thread.interrupted()) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel client = server.accept();
                    client.configureBlocking(false);
                    client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(4096));
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
            if (key.isReadable() && client.read(buffer) < 0) {
                client.close();
                return;
            }
            buffer.flip();
            client.write(buffer);
            buffer.compact();
            int write = buffer.position() > 0 ? SelectionKey.OP_WRITE : 0;
            int read = buffer.hasRemaining() ? SelectionKey.OP_READ : 0;
            key.interestOps(read | write);
        } catch (IOException e) {
            client.close();
        }
    }

    public static void main(String[] args) throws IOException {
        new PlainEchoServer(args.length > 0 ? Integer.parseInt(args[0]) : 7777).serve();
    }
}
