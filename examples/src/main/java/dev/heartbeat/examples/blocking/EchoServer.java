package dev.heartbeat.examples.blocking;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatService;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** Sends every line back, on a thread per connection, and throws out clients that have died in silence. */
public final class EchoServer implements Closeable {
    private final ServerSocket listening;
    private final HeartbeatPolicy policy;
    private final ExecutorService threads;
    private final HeartbeatService heartbeats;
    private final Set<LineConnection> clients = ConcurrentHashMap.newKeySet();

    EchoServer(int port, HeartbeatPolicy policy, ExecutorService threads, Consumer<String> log) throws IOException {
        this.listening = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
        this.policy = policy;
        this.threads = threads;
        this.heartbeats = HeartbeatService.builder().start((handle, cause) -> {
            if (cause.kind() != DeathCause.Kind.CLOSED_BY_PEER) {
                log.accept("client " + handle + ": " + cause);
            }
        });
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Those whose thread still reads. */
    int clients() {
        return clients.size();
    }

    HeartbeatService heartbeats() {
        return heartbeats;
    }

    /** Accepts until {@link #close}. */
    void serve() {
        try {
            while (true) {
                Socket socket = listening.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            close();
        }
    }

    private void serve(Socket socket) {
        LineConnection client = new LineConnection(socket, threads);
        clients.add(client);
        try {
            client.readLines(heartbeats, policy, client::send);
        } finally {
            clients.remove(client); // whatever else was this client's goes here too
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        heartbeats.close();
        clients.forEach(LineConnection::close);
        threads.shutdown();
    }

    /**
     * Serves until the process is stopped.
     *
     * @param args the port, 7007 if there is none
     * @throws IOException if the port is taken
     */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 7007;
        Consumer<String> log = line -> System.out.println(line);
        ExecutorService threads = ConnectionThreads.virtualIfPresent();
        try (EchoServer server = new EchoServer(port, HeartbeatPolicy.server(), threads, log)) {
            System.out.println("echo on port " + server.port());
            server.serve();
        }
    }
}
