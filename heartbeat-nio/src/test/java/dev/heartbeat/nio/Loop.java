package dev.heartbeat.nio;

import static org.junit.jupiter.api.Assertions.fail;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.Refusal;
import dev.heartbeat.detect.FailureDetectors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A selector with heartbeats, turned by the test itself, and pairs of connected sockets. */
final class Loop implements NioListener, AutoCloseable {
    final Selector selector = Selector.open();
    final NioHeartbeats heartbeats;
    final List<DeathCause> causes = new ArrayList<>();
    final List<SelectionKey> dead = new ArrayList<>();
    final List<Refusal> refusals = new ArrayList<>();
    final List<Exception> errors = new ArrayList<>();
    private final ServerSocketChannel server =
            ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    int acks;
    int misses;
    int suspects;
    long stalledNs;

    @Nullable
    Runnable onDead;

    @Nullable
    Runnable onRefused;

    Loop(HeartbeatPolicy policy) throws IOException {
        this(NioHeartbeats.builder().policy(policy));
    }

    Loop(NioHeartbeatsBuilder builder) throws IOException {
        heartbeats = builder.monitor(HeartbeatMonitor.builder().tick(Duration.ofMillis(1)))
                .on(selector, this);
    }

    /** Probes each 100 ms of quiet, waits 50 ms, dead after three. */
    static HeartbeatPolicy probing() {
        return HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(100))
                .ackTimeout(Duration.ofMillis(50))
                .failureDetector(FailureDetectors.consecutiveMisses(3))
                .announcedBetween(Duration.ofMillis(10), Duration.ofSeconds(1))
                .build();
    }

    /** Listens only. */
    static HeartbeatPolicy listening(Duration deadAfter) {
        return HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(deadAfter))
                .build();
    }

    /** A client, and the server's end of the same connection. */
    record Pair(SocketChannel client, SocketChannel served) {}

    Pair connect() throws IOException {
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel served = server.accept();
        served.configureBlocking(false);
        return new Pair(client, served);
    }

    SelectionKey register(SocketChannel served) throws IOException {
        return served.register(selector, SelectionKey.OP_READ);
    }

    void until(BooleanSupplier condition) throws IOException {
        until(condition, () -> {});
    }

    /** Turns the loop until a condition holds, doing something after each turn. */
    void until(BooleanSupplier condition, Step step) throws IOException {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            heartbeats.select(Duration.ofMillis(20));
            step.run();
            selector.selectedKeys().clear();
            if (System.nanoTime() - startNs > 20_000_000_000L) {
                fail("not within 20 s; deaths: " + causes + ", errors: " + errors);
            }
        }
    }

    interface Step {
        void run() throws IOException;
    }

    /** Reads what is ready, as text, and lets the connections be that have ended. */
    String readReady() throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.isReadable()) {
                buffer.clear();
                try {
                    heartbeats.read(key, buffer);
                } catch (IOException e) {
                    // Told to the listener.
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    text.append((char) (buffer.get() & 0xFF));
                }
            }
        }
        return text.toString();
    }

    @Override
    public void onDead(SelectionKey key, DeathCause cause) {
        dead.add(key);
        causes.add(cause);
        if (onDead != null) {
            onDead.run();
        }
    }

    @Override
    public void onSuspect(SelectionKey key, long silenceNs) {
        suspects++;
    }

    @Override
    public void onAck(SelectionKey key, long roundTripNs) {
        acks++;
    }

    @Override
    public void onMiss(SelectionKey key, int consecutiveMisses) {
        misses++;
    }

    @Override
    public void onRefused(SelectionKey key, Refusal refusal) {
        refusals.add(refusal);
        if (onRefused != null) {
            onRefused.run();
        }
    }

    @Override
    public void onStall(long stallNs) {
        stalledNs += stallNs;
    }

    @Override
    public void onError(@Nullable SelectionKey key, Exception error) {
        errors.add(error);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        server.close();
    }
}
