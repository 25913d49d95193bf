package dev.heartbeat.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;

/**
 * A NAT for datagrams, in a thread of its own: lets the server in for so long after anything was said, and gives the client
 * another port when the client itself was silent for so long.
 */
final class UdpNat implements AutoCloseable {
    private static final class Mapping {
        final SocketAddress client;
        final DatagramChannel outside;
        long usedNs;
        long clientUsedNs;

        Mapping(SocketAddress client, DatagramChannel outside, long nowNs) {
            this.client = client;
            this.outside = outside;
            usedNs = nowNs;
            clientUsedNs = nowNs;
        }
    }

    final SocketAddress address;
    private final Selector selector = Selector.open();
    private final DatagramChannel inside =
            DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final SocketAddress server;
    private final long timeoutNs;
    private final long movesAfterNs;
    private final Map<SocketAddress, Mapping> mappings = new HashMap<>();

    /** @param movesAfterNs 0 for never before the timeout */
    UdpNat(SocketAddress server, long timeoutNs, long movesAfterNs) throws IOException {
        this.server = server;
        this.timeoutNs = timeoutNs;
        this.movesAfterNs = movesAfterNs;
        address = inside.getLocalAddress();
        inside.configureBlocking(false);
        inside.register(selector, SelectionKey.OP_READ);
        Thread thread = new Thread(this::run);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Mapping mapping) {
                        inward(mapping);
                    } else {
                        outward();
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | RuntimeException e) {
            // Closed.
        }
    }

    private void outward() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(2000);
        SocketAddress client = inside.receive(data);
        if (client == null) {
            return;
        }
        long nowNs = System.nanoTime();
        Mapping mapping = mappings.get(client);
        if (mapping == null
                || nowNs - mapping.usedNs > timeoutNs
                || (movesAfterNs > 0 && nowNs - mapping.clientUsedNs > movesAfterNs)) {
            DatagramChannel outside = DatagramChannel.open().connect(server);
            outside.configureBlocking(false);
            mapping = new Mapping(client, outside, nowNs);
            outside.register(selector, SelectionKey.OP_READ, mapping);
            mappings.put(client, mapping);
        }
        mapping.usedNs = nowNs;
        mapping.clientUsedNs = nowNs;
        mapping.outside.write(data.flip());
    }

    private void inward(Mapping mapping) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(2000);
        mapping.outside.read(data);
        long nowNs = System.nanoTime();
        if (nowNs - mapping.usedNs <= timeoutNs) {
            mapping.usedNs = nowNs;
            inside.send(data.flip(), mapping.client);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
