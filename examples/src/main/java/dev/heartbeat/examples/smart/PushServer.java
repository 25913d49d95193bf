package dev.heartbeat.examples.smart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.nio.DatagramEchoes;
import dev.heartbeat.nio.HeartbeatChannel;
import dev.heartbeat.nio.NioHeartbeats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * A server of the plainest kind, over TCP and UDP on one port. It pushes a word to those who asked for it by a line
 * {@code push MILLISECONDS}, after that time. All that the smart interval needs of it, the library does unasked.
 *
 * <p>Run with a port. It serves until it is killed.
 */
public final class PushServer {
    private record Push(HeartbeatChannel to, long dueNs) {}

    private final Selector selector = Selector.open();
    private final ServerSocketChannel acceptor = ServerSocketChannel.open();
    private final NioHeartbeats heartbeats;
    private final Queue<Push> pushes = new PriorityQueue<>((a, b) -> Long.compare(a.dueNs - b.dueNs, 0));

    PushServer(InetSocketAddress address, boolean quiet) throws IOException {
        acceptor.bind(address).configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        InetSocketAddress bound = (InetSocketAddress) acceptor.getLocalAddress();
        heartbeats = NioHeartbeats.on(selector, HeartbeatPolicy.server(), (key, cause) -> {
            if (!quiet && cause.kind() != DeathCause.Kind.CLOSED_BY_PEER) { // as probes end well
                System.out.println(cause);
            }
        });
        DatagramEchoes.serve(heartbeats, DatagramChannel.open().bind(bound));
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) acceptor.getLocalAddress();
    }

    void serve() throws IOException {
        while (!Thread.interrupted()) {
            heartbeats.select(untilNextPush());
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel client = acceptor.accept();
                    if (client != null) {
                        HeartbeatChannel.open(heartbeats, client, this::heard);
                    }
                }
            }
            selector.selectedKeys().clear();
            push();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void heard(HeartbeatChannel client, ByteBuffer data) {
        long nowNs = heartbeats.clock().nanoTime();
        UTF_8.decode(data)
                .toString()
                .lines()
                .filter(line -> line.startsWith("push "))
                .forEach(line -> {
                    long delayMs = Long.parseLong(line.substring(5).trim());
                    pushes.add(new Push(client, nowNs + delayMs * 1_000_000));
                });
    }

    private Duration untilNextPush() {
        Push next = pushes.peek();
        long leftNs = next == null
                ? Duration.ofMinutes(1).toNanos()
                : next.dueNs - heartbeats.clock().nanoTime();
        return Duration.ofNanos(Math.max(0, leftNs));
    }

    private void push() {
        Push next = pushes.peek();
        while (next != null && next.dueNs - heartbeats.clock().nanoTime() <= 0) {
            pushes.remove();
            next.to.send(UTF_8.encode("pushed\n"));
            next = pushes.peek();
        }
    }

    /**
     * Serves.
     *
     * @param args the port
     * @throws IOException if the port is taken
     */
    public static void main(String[] args) throws IOException {
        PushServer server = new PushServer(new InetSocketAddress(Integer.parseInt(args[0])), false);
        System.out.println("serving " + server.address());
        server.serve();
    }
}
