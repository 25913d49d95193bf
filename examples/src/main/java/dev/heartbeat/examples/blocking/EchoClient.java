package dev.heartbeat.examples.blocking;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatService;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** Sends lines and prints what comes back; pings the server when it has nothing to say. */
public final class EchoClient implements Closeable {
    private final HeartbeatService heartbeats;
    private final LineConnection connection;
    private final ExecutorService threads;

    EchoClient(String host, int port, HeartbeatPolicy policy, HeartbeatListener listener, Consumer<String> onLine)
            throws IOException {
        Socket socket = new Socket(host, port);
        threads = ConnectionThreads.virtualIfPresent();
        heartbeats = HeartbeatService.builder().shards(1).start(listener);
        connection = new LineConnection(socket, threads);
        threads.execute(() -> connection.readLines(heartbeats, policy, onLine::accept));
    }

    void send(String line) throws IOException {
        connection.send(line);
    }

    HeartbeatService heartbeats() {
        return heartbeats;
    }

    @Override
    public void close() {
        heartbeats.close();
        connection.close();
        threads.shutdown();
    }

    /**
     * Sends what is typed.
     *
     * @param args host and port; localhost and 7007 if there are none
     * @throws IOException if the server cannot be reached
     */
    public static void main(String[] args) throws IOException {
        String host = args.length > 0 ? args[0] : "localhost";
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 7007;
        BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        HeartbeatListener listener = (handle, cause) -> System.out.println("the server is gone: " + cause);
        Consumer<String> printed = line -> System.out.println(line);
        try (EchoClient client = new EchoClient(host, port, HeartbeatPolicy.client(), listener, printed)) {
            for (String line = typed.readLine(); line != null; line = typed.readLine()) {
                client.send(line);
            }
        }
    }
}
