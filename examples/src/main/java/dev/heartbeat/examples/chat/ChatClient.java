package dev.heartbeat.examples.chat;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.nio.ClientListener;
import dev.heartbeat.nio.NioHeartbeats;
import dev.heartbeat.nio.ReconnectingClient;
import dev.heartbeat.reconnect.ReconnectPolicy;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** The chat's client: it comes back by itself, and asks for what it has missed. */
public final class ChatClient implements ClientListener, Closeable {
    private final Selector selector = Selector.open();
    private final NioHeartbeats heartbeats;
    private final SocketAddress server;
    private final HeartbeatPolicy policy;
    private final ReconnectPolicy reconnect;
    private final Queue<String> unsaid = new ConcurrentLinkedQueue<>();
    private final String user;
    private final String device;
    private final Consumer<String> screen;
    private long lastSeen;
    private volatile boolean running = true;

    /**
     * A client that connects once {@link #run} is called.
     *
     * @param server where
     * @param user letters and digits
     * @param device letters and digits
     * @param policy of the connection
     * @param reconnect how to come back
     * @param screen shows a line
     * @throws IOException if there is no selector to be had
     */
    public ChatClient(
            SocketAddress server,
            String user,
            String device,
            HeartbeatPolicy policy,
            ReconnectPolicy reconnect,
            Consumer<String> screen)
            throws IOException {
        this.server = server;
        this.policy = policy;
        this.reconnect = reconnect;
        this.user = user;
        this.device = device;
        this.screen = screen;
        heartbeats = NioHeartbeats.on(selector, policy, (key, cause) -> {});
    }

    /**
     * Runs until {@link #close}.
     *
     * @throws IOException if the selector fails
     */
    public void run() throws IOException {
        ReconnectingClient connection = ReconnectingClient.builder(heartbeats)
                .to(server)
                .policy(policy)
                .reconnect(reconnect)
                .start(this);
        while (running) {
            heartbeats.select();
            selector.selectedKeys().clear();
            while (connection.isConnected() && !unsaid.isEmpty()) {
                connection.send(Lines.encode("SAY " + unsaid.remove()));
            }
        }
        connection.close();
        selector.close();
    }

    /**
     * Says something, now or once connected. Any thread may call it.
     *
     * @param text one line
     */
    public void say(String text) {
        unsaid.add(text);
        selector.wakeup();
    }

    @Override
    public void onConnected(ReconnectingClient client) {
        client.send(Lines.encode("HELLO " + user + " " + device + " " + lastSeen));
    }

    @Override
    public void onData(ReconnectingClient client, ByteBuffer data) {
        for (String line = Lines.next(data); line != null; line = Lines.next(data)) {
            if (line.startsWith("MSG ")) {
                lastSeen = Math.max(lastSeen, Long.parseLong(line.split(" ", 3)[1]));
            }
            screen.accept(line);
        }
    }

    @Override
    public void onLost(ReconnectingClient client, DeathCause cause) {
        screen.accept("(lost: " + cause + ")");
    }

    @Override
    public void onReconnecting(ReconnectingClient client, Duration delay) {
        screen.accept("(connecting in " + delay.toMillis() + " ms)");
    }

    @Override
    public void close() {
        running = false;
        selector.wakeup();
    }

    /**
     * Reads lines to say from the keyboard.
     *
     * @param args host, port, user, device
     * @throws IOException if there is no keyboard, or no selector
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            System.err.println("usage: chat-client HOST PORT USER DEVICE");
            System.exit(2);
        }
        SocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        ChatClient client = new ChatClient(
                server, args[2], args[3], HeartbeatPolicy.client(), ReconnectPolicy.client(), System.out::println);
        Thread keyboard = new Thread(() -> readLines(client), "keyboard");
        keyboard.setDaemon(true);
        keyboard.start();
        client.run();
    }

    private static void readLines(ChatClient client) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            in.lines().forEach(client::say);
        } catch (IOException e) {
            System.err.println("keyboard: " + e);
        }
        client.close();
    }
}
