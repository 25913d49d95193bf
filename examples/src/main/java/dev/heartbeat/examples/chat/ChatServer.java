package dev.heartbeat.examples.chat;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.nio.ChannelHandler;
import dev.heartbeat.nio.HeartbeatChannel;
import dev.heartbeat.nio.NioHeartbeats;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The chat's server on a selector: one thread, any number of clients. */
public final class ChatServer implements Closeable {
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listening = ServerSocketChannel.open();
    private final NioHeartbeats heartbeats;
    private final ChatRoom room = new ChatRoom();
    private volatile boolean running = true;

    /**
     * A server that listens already, and serves once {@link #run} is called.
     *
     * @param address where to listen
     * @param policy for each client
     * @throws IOException if the address cannot be had
     */
    public ChatServer(SocketAddress address, HeartbeatPolicy policy) throws IOException {
        listening.bind(address);
        listening.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        heartbeats = NioHeartbeats.on(selector, policy, (key, cause) -> System.out.println("dead: " + cause));
    }

    /**
     * Serves until {@link #close}.
     *
     * @throws IOException if the selector fails
     */
    public void run() throws IOException {
        while (running) {
            heartbeats.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    new Client(listening.accept());
                }
            }
            selector.selectedKeys().clear();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** One connection. Its death is one call: the room forgets it, and everyone is told. */
    private final class Client implements ChannelHandler, ChatRoom.Member {
        private final HeartbeatChannel channel;

        Client(SocketChannel socket) throws IOException {
            channel = HeartbeatChannel.open(heartbeats, socket, this);
        }

        @Override
        public void onData(HeartbeatChannel from, ByteBuffer data) {
            for (String line = Lines.next(data); line != null; line = Lines.next(data)) {
                room.heard(this, line);
            }
        }

        @Override
        public void onDead(HeartbeatChannel from, DeathCause cause) {
            room.left(this);
        }

        @Override
        public void send(String line) {
            if (!channel.send(Lines.encode(line))) {
                dismiss(); // it has stopped reading, and a megabyte waits for it
            }
        }

        @Override
        public void dismiss() {
            channel.closeWhenSent();
            room.left(this);
        }
    }

    /**
     * Where it listens.
     *
     * @return the address
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.socket().getLocalSocketAddress();
    }

    @Override
    public void close() {
        running = false;
        selector.wakeup();
    }

    /**
     * Serves until it is killed.
     *
     * @param args the port, 7777 if there is none
     * @throws IOException if the port cannot be had
     */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 7777;
        ChatServer server = new ChatServer(new InetSocketAddress(port), HeartbeatPolicy.server());
        System.out.println("chat on " + server.address());
        server.run();
    }
}
