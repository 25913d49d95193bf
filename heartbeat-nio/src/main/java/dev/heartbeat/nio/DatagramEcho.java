package dev.heartbeat.nio;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** An echo promised to a client that speaks in datagrams: said several times, unless the client says that it has heard. */
final class DatagramEcho extends PendingEchoes.Echo {
    private static final int TIMES = 4;
    private static final long APART_NS = 1_500_000_000L;

    final InetSocketAddress client;
    private final DatagramEchoes server;
    private final PendingEchoes pending;
    private final ByteBuffer answer;
    private int said;

    DatagramEcho(DatagramEchoes server, PendingEchoes pending, InetSocketAddress client, ByteBuffer answer) {
        this.server = server;
        this.pending = pending;
        this.client = client;
        this.answer = answer;
    }

    boolean isSpoken() {
        return said > 0;
    }

    @Override
    void due(long nowNs) {
        if (said == 0) {
            server.countAnswer();
        }
        server.send(answer.duplicate(), client);
        if (++said < TIMES) {
            pending.again(this, APART_NS, nowNs);
        } else {
            server.over(this);
        }
    }
}
