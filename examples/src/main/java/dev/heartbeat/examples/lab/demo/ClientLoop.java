package dev.heartbeat.examples.lab.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Any number of clients in one selector loop. Each greets the server, tells it its interval, and comes back when it was
 * lost, after a wait that is drawn.
 *
 * <p><b>Threading:</b> confined to its loop, but for {@link #connected()}.
 */
final class ClientLoop extends Loop {
    private final Settings settings;
    private final Journal journal;
    private final SocketAddress address;
    private final HeartbeatPolicy usual;
    private final HeartbeatPolicy sleepy;
    private final List<DemoClient> clients = new ArrayList<>();
    private volatile int connectedCount;

    ClientLoop(String name, Settings settings, SocketAddress address, Journal journal, Lateness lateness)
            throws IOException {
        super(name, settings.clientPolicy(false), lateness);
        this.settings = settings;
        this.journal = journal;
        this.address = address;
        usual = settings.clientPolicy(false);
        sleepy = settings.clientPolicy(true);
    }

    /** How many have a connection, as far as they know. */
    int connected() {
        return connectedCount;
    }

    /** Starts a client; called by the loop itself. */
    void add(int number, Role role) {
        long seed = seed(settings, number);
        clients.add(new DemoClient(number, role, settings.reconnectPolicy().start(System.nanoTime(), seed)));
    }

    /** Of a client's waits. */
    static long seed(Settings settings, int number) {
        return settings.seed() * 1_000_003 + number;
    }

    /** A client ends without a word to anyone, and does not come back. */
    void vanish(int number) {
        for (DemoClient client : clients) {
            if (client.number == number) {
                client.gone = true;
                hangUp(client);
            }
        }
    }

    /** All leave in order. */
    void leave() {
        for (DemoClient client : clients) {
            client.gone = true;
            if (client.key != null) {
                journal.add(Event.What.CLIENT_CLOSED, client.number, client.epoch, 0, "");
            }
            hangUp(client);
        }
    }

    private void hangUp(DemoClient client) {
        SelectionKey key = client.key;
        if (key != null) {
            client.key = null;
            heartbeats().close(key);
            count();
        }
    }

    private void count() {
        connectedCount = (int) clients.stream()
                .filter(client -> client.reconnect.isConnected() && !client.gone)
                .count();
    }

    @Override
    Duration turn(long nowNs) throws IOException {
        long waitNs = Duration.ofSeconds(1).toNanos();
        for (DemoClient client : clients) {
            if (client.gone) {
                continue;
            }
            long delayNs = client.reconnect.nextDelayNs(nowNs);
            if (delayNs == 0) {
                connect(client, nowNs);
            }
            waitNs = Math.min(waitNs, delayNs == 0 ? waitNs : delayNs);
            if (client.role == Role.CHATTY && client.reconnect.isConnected()) {
                waitNs = Math.min(waitNs, chat(client, nowNs));
            }
        }
        return Duration.ofNanos(waitNs);
    }

    /** Speaks if it is time; says how long its next word is away. */
    private long chat(DemoClient client, long nowNs) {
        SelectionKey key = client.key;
        long leftNs = settings.chatEvery().toNanos() - (nowNs - client.lastChatNs);
        if (key == null || leftNs > 0) {
            return Math.max(1, leftNs);
        }
        client.lastChatNs = nowNs;
        try {
            say(key, "hi\n");
        } catch (IOException e) {
            // This one was lost, and onDead has said so; it comes back as others do.
            return client.reconnect.nextDelayNs(nowNs);
        }
        return settings.chatEvery().toNanos();
    }

    private void say(SelectionKey key, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(US_ASCII));
        heartbeats().write(key, bytes);
        if (bytes.hasRemaining()) {
            throw new IllegalStateException("no room for one line: not in this demo");
        }
    }

    private void connect(DemoClient client, long nowNs) throws IOException {
        client.epoch = client.reconnect.attempt(nowNs);
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector(), SelectionKey.OP_CONNECT, client);
        client.key = key;
        try {
            if (channel.connect(address)) {
                connected(key, client);
            }
        } catch (IOException e) {
            failed(key, client);
        }
    }

    @Override
    void ready(SelectionKey key) throws IOException {
        if (!(key.attachment() instanceof DemoClient client)) {
            return;
        }
        if (key.isConnectable()) {
            try {
                if (((SocketChannel) key.channel()).finishConnect()) {
                    connected(key, client);
                }
            } catch (IOException e) {
                failed(key, client);
            }
        } else if (heartbeats().read(key, client.in) >= 0) {
            client.in.clear(); // "OK"
        }
    }

    private void connected(SelectionKey key, DemoClient client) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        long nowNs = System.nanoTime();
        client.reconnect.connected(client.epoch, nowNs);
        client.lastChatNs = nowNs;
        count();
        int port = ((SocketChannel) key.channel()).socket().getLocalPort();
        journal.add(Event.What.CLIENT_CONNECTED, client.number, client.epoch, port, "");
        long handle = heartbeats().open(key, client.isSleepy() ? sleepy : usual).handle();
        say(key, "HELLO " + client.number + " " + client.epoch + "\n");
        if (client.role != Role.CHATTY) {
            heartbeats().monitor().probeNow(handle, nowNs); // tells the server how often it will hear of us
        }
    }

    private void failed(SelectionKey key, DemoClient client) throws IOException {
        key.channel().close();
        client.key = null;
        client.reconnect.lost(client.epoch, System.nanoTime());
        count();
    }

    @Override
    public void onDead(SelectionKey key, DeathCause cause) {
        if (key.attachment() instanceof DemoClient client && client.key == key) {
            client.key = null;
            client.losses = true;
            client.in.clear();
            client.reconnect.lost(client.epoch, System.nanoTime());
            journal.add(
                    Event.What.CLIENT_DEAD,
                    client.number,
                    client.epoch,
                    0,
                    cause.kind().name());
            count();
        }
    }

    @Override
    public void onAck(SelectionKey key, long roundTripNs) {
        if (key.attachment() instanceof DemoClient client) {
            journal.roundTrip(client.role == Role.SLOW, roundTripNs);
        }
    }
}
