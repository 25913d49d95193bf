package dev.heartbeat.examples.smart;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.examples.lab.proxy.NatProxy;
import dev.heartbeat.nio.NioHeartbeats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client whose heartbeats come as rarely as the path allows. It shows the search, and then that pushes arrive late in
 * the silence between two heartbeats.
 *
 * <p>Without arguments it needs nobody: on the loopback it finds out that a proxy forgets what was silent for three
 * seconds. With arguments of the form {@code NAME=tcp:HOST:PORT} or {@code NAME=udp:HOST:PORT} it connects to
 * {@link PushServer}s, all at once.
 */
public final class SmartClient {
    private static final Duration GIVE_UP = Duration.ofMinutes(10);

    private final Selector selector = Selector.open();
    private final NioHeartbeats heartbeats;
    private final List<SmartPath> paths = new ArrayList<>();

    SmartClient() throws IOException {
        heartbeats = NioHeartbeats.on(selector, HeartbeatPolicy.client(), (key, cause) -> {
            System.out.println(key.channel() + ": " + cause);
            for (SmartPath path : paths) {
                if (path.isOf(key)) {
                    path.died();
                }
            }
        });
    }

    void add(String name, boolean tcp, InetSocketAddress server, SmartPath.Pace pace) throws IOException {
        paths.add(new SmartPath(heartbeats, selector, name, tcp, server, pace));
    }

    /** Runs until all have settled; answers whether all did, and none was lost. */
    boolean run() throws IOException {
        long startNs = heartbeats.clock().nanoTime();
        boolean inTime = true;
        while (inTime && !paths.stream().allMatch(SmartPath::isDone)) {
            heartbeats.select(Duration.ofMillis(200));
            for (SelectionKey key : selector.selectedKeys()) {
                for (SmartPath path : paths) {
                    if (path.isOf(key) && key.isValid() && key.isReadable()) {
                        path.read();
                    }
                }
            }
            selector.selectedKeys().clear();
            for (SmartPath path : paths) {
                path.look();
            }
            inTime = heartbeats.clock().nanoTime() - startNs - GIVE_UP.toNanos() < 0;
        }
        for (SmartPath path : paths) {
            System.out.println(path.result());
        }
        return inTime && paths.stream().noneMatch(SmartPath::isDead);
    }

    /** On the loopback, behind a proxy that forgets soon. */
    static boolean onLoopback(Duration idleTimeout) throws IOException {
        PushServer server = new PushServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), true);
        Thread serving = new Thread(() -> {
            try {
                server.serve();
            } catch (IOException e) {
                System.out.println(e);
            }
        });
        serving.setDaemon(true);
        serving.start();
        try (NatProxy nat = NatProxy.start(server.address(), idleTimeout)) {
            System.out.println("the proxy forgets what was silent for " + idleTimeout.toMillis() / 1e3 + " s");
            SmartClient client = new SmartClient();
            client.add("loopback", true, nat.address(), SmartPath.Pace.QUICK);
            return client.run();
        } finally {
            serving.interrupt();
        }
    }

    /**
     * Runs, and exits with 0 if every search settled and no connection was lost.
     *
     * @param args none, or what to connect to
     * @throws IOException if a server cannot be reached
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.exit(onLoopback(Duration.ofSeconds(3)) ? 0 : 1);
        }
        SmartClient client = new SmartClient();
        for (String arg : args) {
            String[] parts = arg.split("[=:]", 4);
            boolean known = parts.length == 4 && (parts[1].equals("tcp") || parts[1].equals("udp"));
            if (!known) {
                System.err.println(arg + " (expected: NAME=tcp:HOST:PORT or NAME=udp:HOST:PORT)");
                System.exit(2);
            }
            InetSocketAddress server = new InetSocketAddress(parts[2], Integer.parseInt(parts[3]));
            client.add(parts[0], parts[1].equals("tcp"), server, SmartPath.Pace.USUAL);
        }
        System.exit(client.run() ? 0 : 1);
    }
}
