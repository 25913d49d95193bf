package dev.heartbeat.examples.lab.proxy;

import dev.heartbeat.examples.lab.proxy.LinkRecord.Cut;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;

/**
 * A client's connection and the one to the server that goes with it: one mapping of the NAT.
 *
 * <p>Once it is a black hole it stays one, and no sign of either side passes to the other: what comes is read and
 * thrown away, a FIN and a reset too.
 *
 * <p><b>Threading:</b> confined to the proxy's thread.
 */
final class Link {
    private final SocketChannel client;
    private final SocketChannel server;
    private final SelectionKey clientKey;
    private final SelectionKey serverKey;
    private final Pipe toServer;
    private final Pipe toClient;
    private final long rememberedNs;
    private final int clientPort;
    private final long openedNs;

    private int serverSidePort;
    private boolean connected;
    private long lastTrafficNs;
    private long lastFromClientNs;
    private long longestQuietNs;
    private long delayNs;
    private long heldUntilNs;
    private Cut cut = Cut.NONE;
    private long cutNs;

    Link(SelectionKey clientKey, SelectionKey serverKey, long rememberedNs, long nowNs) throws IOException {
        this.clientKey = clientKey;
        this.serverKey = serverKey;
        this.rememberedNs = rememberedNs;
        client = (SocketChannel) clientKey.channel();
        server = (SocketChannel) serverKey.channel();
        clientPort = client.socket().getPort();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        toServer = new Pipe(nowNs);
        toClient = new Pipe(nowNs);
        openedNs = nowNs;
        lastTrafficNs = nowNs;
        lastFromClientNs = nowNs;
        heldUntilNs = nowNs;
    }

    int clientPort() {
        return clientPort;
    }

    /** The server has accepted. */
    void established() {
        connected = true;
        serverSidePort = server.socket().getLocalPort();
        interest(clientKey, SelectionKey.OP_READ);
        interest(serverKey, SelectionKey.OP_READ);
    }

    boolean isOpen() {
        return client.isOpen() || server.isOpen();
    }

    void delay(long delayNs) {
        this.delayNs = delayNs;
    }

    void hold(long untilNs) {
        heldUntilNs = untilNs;
    }

    void blackHole(long nowNs) {
        if (!isCut(nowNs)) {
            cut(Cut.BLACK_HOLE, nowNs);
        }
    }

    private void cut(Cut how, long atNs) {
        cut = how;
        cutNs = atNs;
        longestQuietNs = Math.max(longestQuietNs, atNs - lastFromClientNs);
        toServer.clear();
        toClient.clear();
    }

    /** Looks whether the mapping was forgotten meanwhile. */
    private boolean isCut(long nowNs) {
        if (cut == Cut.NONE && nowNs - lastTrafficNs >= rememberedNs) {
            cut(Cut.FORGOTTEN, lastTrafficNs + rememberedNs);
        }
        return cut != Cut.NONE;
    }

    /** Does what the sockets are ready for. */
    void onReady(ByteBuffer buffer, long nowNs) {
        try {
            if (serverKey.isValid() && serverKey.isConnectable() && server.finishConnect()) {
                established();
            }
            if (connected) {
                transfer(clientKey, client, toServer, server, true, buffer, nowNs);
                transfer(serverKey, server, toClient, client, false, buffer, nowNs);
            }
        } catch (IOException e) {
            close(true); // the server is not there: the client is refused
        }
        flush(nowNs);
    }

    private void transfer(
            SelectionKey key,
            SocketChannel from,
            Pipe pipe,
            SocketChannel to,
            boolean isClient,
            ByteBuffer buffer,
            long nowNs) {
        if (!key.isValid() || !key.isReadable() || pipe.isFull()) {
            return;
        }
        int read;
        boolean reset = false;
        try {
            read = from.read(buffer.clear());
        } catch (IOException e) {
            read = -1;
            reset = true;
        }
        if (isCut(nowNs)) {
            if (read < 0) {
                closeQuietly(from, reset);
            }
            return;
        }
        lastTrafficNs = nowNs;
        if (isClient) {
            longestQuietNs = Math.max(longestQuietNs, nowNs - lastFromClientNs);
            lastFromClientNs = nowNs;
        }
        long dueNs = nowNs + delayNs;
        if (heldUntilNs - dueNs > 0) {
            dueNs = heldUntilNs;
        }
        if (read > 0) {
            pipe.put(buffer.flip(), dueNs);
        } else if (reset) {
            closeQuietly(from, true);
            closeQuietly(to, true);
        } else if (read < 0) {
            pipe.end(dueNs);
        }
    }

    /** Writes what is due and asks the selector for what is wanted next. */
    void flush(long nowNs) {
        if (isCut(nowNs)) {
            interest(clientKey, SelectionKey.OP_READ);
            interest(serverKey, SelectionKey.OP_READ);
            return;
        }
        if (!connected) {
            return;
        }
        try {
            boolean serverTook = toServer.writeTo(server, nowNs);
            boolean clientTook = toClient.writeTo(client, nowNs);
            if (toServer.hasPassedOnEnd() && toClient.hasPassedOnEnd()) {
                close(false);
                return;
            }
            interest(clientKey, wanted(toServer, clientTook));
            interest(serverKey, wanted(toClient, serverTook));
        } catch (IOException e) {
            close(true);
        }
    }

    private static int wanted(Pipe from, boolean took) {
        int read = from.isEnded() || from.isFull() ? 0 : SelectionKey.OP_READ;
        return took ? read : read | SelectionKey.OP_WRITE;
    }

    private static void interest(SelectionKey key, int ops) {
        if (key.isValid() && key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    /** Nothing becomes due for so long; {@link Long#MAX_VALUE} if nothing will. */
    long untilDueNs(long nowNs) {
        return Math.min(toServer.untilDueNs(nowNs), toClient.untilDueNs(nowNs));
    }

    void close(boolean reset) {
        closeQuietly(client, reset);
        closeQuietly(server, reset);
    }

    private static void closeQuietly(SocketChannel channel, boolean reset) {
        try (channel) {
            if (reset && channel.isOpen()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }

    LinkRecord record(long nowNs) {
        boolean black = isCut(nowNs);
        long quietNs = black || !isOpen() ? 0 : nowNs - lastFromClientNs;
        return new LinkRecord(
                clientPort,
                serverSidePort,
                openedNs,
                toServer.lastWriteNs(),
                toClient.lastWriteNs(),
                Math.max(longestQuietNs, quietNs),
                cut,
                black ? OptionalLong.of(cutNs) : OptionalLong.empty(),
                isOpen());
    }
}
