package dev.heartbeat.examples.lab.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heartbeat.DeathCause;
import dev.heartbeat.MonitorStatistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A server that knows who is connected: clients greet it with {@code HELLO client epoch}, and it answers other lines with
 * {@code OK}. When a connection is dead, all that hung on it goes at once.
 *
 * <p><b>Threading:</b> confined to its loop, but for {@link #sessions()}.
 */
final class DemoServer extends Loop {
    private static final int BACKLOG = 1024;
    private static final Duration NO_HURRY = Duration.ofSeconds(1);

    /** All that hangs on one connection. */
    private static final class Session {
        final ByteBuffer in = ByteBuffer.allocate(256);
        int client = -1;
        long epoch;
    }

    /**
     * What the server still holds.
     *
     * @param sessions connections that it has buffers for
     * @param online clients that it takes for connected
     * @param keys channels registered with its selector, the acceptor's not counted
     * @param monitor the monitor's own counts
     */
    record Holdings(int sessions, int online, int keys, MonitorStatistics monitor) {}

    private final Journal journal;
    private final ServerSocketChannel acceptor;
    private final Map<SelectionKey, Session> sessions = new HashMap<>();
    private final Map<Integer, Set<Session>> online = new HashMap<>();
    private volatile int sessionCount;

    DemoServer(Settings settings, Journal journal, Lateness lateness) throws IOException {
        super("server", settings.serverPolicy(), lateness);
        this.journal = journal;
        acceptor = ServerSocketChannel.open();
        acceptor.configureBlocking(false);
        acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        acceptor.register(selector(), SelectionKey.OP_ACCEPT);
    }

    SocketAddress address() throws IOException {
        return acceptor.getLocalAddress();
    }

    /** How many connections are there. */
    int sessions() {
        return sessionCount;
    }

    Holdings holdings() {
        int keys =
                (int) selector().keys().stream().filter(SelectionKey::isValid).count() - 1;
        return new Holdings(
                sessions.size(), online.size(), keys, heartbeats().monitor().statistics());
    }

    @Override
    Duration turn(long nowNs) {
        return NO_HURRY;
    }

    @Override
    void ready(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            accept();
            return;
        }
        Session session = sessions.get(key);
        if (session != null && heartbeats().read(key, session.in) > 0) {
            session.in.flip();
            takeLines(key, session);
            session.in.compact();
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = acceptor.accept(); channel != null; channel = acceptor.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector(), SelectionKey.OP_READ);
            sessions.put(key, new Session());
            heartbeats().open(key);
        }
        sessionCount = sessions.size();
    }

    private void takeLines(SelectionKey key, Session session) throws IOException {
        ByteBuffer in = session.in;
        for (int at = in.position(); at < in.limit(); at++) {
            if (in.get(at) == '\n') {
                byte[] line = new byte[at - in.position()];
                in.get(line).get();
                take(key, session, new String(line, US_ASCII));
            }
        }
    }

    private void take(SelectionKey key, Session session, String line) throws IOException {
        String[] words = line.split(" ", -1);
        if (words.length == 3 && words[0].equals("HELLO")) {
            session.client = Integer.parseInt(words[1]);
            session.epoch = Long.parseLong(words[2]);
            online.computeIfAbsent(session.client, client -> new HashSet<>()).add(session);
            journal.add(Event.What.SERVER_GREETED, session.client, session.epoch, 0, "");
        } else {
            heartbeats().write(key, ByteBuffer.wrap("OK\n".getBytes(US_ASCII)));
        }
    }

    @Override
    public void onDead(SelectionKey key, DeathCause cause) {
        Session session = sessions.remove(key);
        sessionCount = sessions.size();
        if (session != null && session.client >= 0) {
            online.computeIfPresent(session.client, (client, its) -> its.remove(session) && its.isEmpty() ? null : its);
            journal.add(
                    Event.What.SERVER_DEAD,
                    session.client,
                    session.epoch,
                    0,
                    cause.kind().name());
        }
    }

    @Override
    public void onSuspect(SelectionKey key, long silenceNs) {
        note(key, Event.What.SERVER_SUSPECTS);
    }

    @Override
    public void onRecovered(SelectionKey key) {
        note(key, Event.What.SERVER_RECOVERS);
    }

    private void note(SelectionKey key, Event.What what) {
        Session session = sessions.get(key);
        if (session != null && session.client >= 0) {
            journal.add(what, session.client, session.epoch, 0, "");
        }
    }
}
