package dev.heartbeat.examples.lab.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A TCP proxy on the loopback that behaves like a NAT: a mapping that nobody used for its idle timeout is forgotten, and
 * from then on what either side sends is swallowed without a FIN, a reset or any other sign. Traffic in either
 * direction refreshes a mapping, as in Linux's conntrack.
 *
 * <p>It also does what bad networks do, to one link at a time and on demand: swallow, delay, hold. And it keeps a record
 * of each link, so that what others noticed can be held against what happened.
 *
 * <p>Links are named by the client's own port. TCP is not forged: what the proxy swallows, the sender's kernel still sees
 * acknowledged, by the proxy's.
 *
 * <p><b>Threading:</b> has a thread of its own; all methods may be called from any other.
 */
public final class NatProxy implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long ANSWER_SECONDS = 30;

    private final SocketAddress target;
    private final long rememberedNs;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel acceptor = ServerSocketChannel.open();
    private final InetSocketAddress address;
    private final ConcurrentLinkedQueue<FutureTask<?>> commands = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "nat-proxy");
    private volatile boolean running = true;

    // Confined to the proxy's thread.
    private final List<Link> links = new ArrayList<>();
    private final List<LinkRecord> ended = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private NatProxy(SocketAddress target, Duration idleTimeout) throws IOException {
        this.target = target;
        this.rememberedNs = idleTimeout.toNanos();
        acceptor.configureBlocking(false);
        acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        acceptor.register(selector, SelectionKey.OP_ACCEPT);
        address = (InetSocketAddress) acceptor.getLocalAddress();
        thread.setDaemon(true);
    }

    /**
     * Starts a proxy.
     *
     * @param target where it connects each client to
     * @param idleTimeout how long it remembers a link on which nothing is said; greater than 0
     * @return a proxy that runs
     * @throws IOException if no socket can be had
     */
    public static NatProxy start(SocketAddress target, Duration idleTimeout) throws IOException {
        if (idleTimeout.isNegative() || idleTimeout.isZero()) {
            throw new IllegalArgumentException("idleTimeout: " + idleTimeout + " (expected: > 0)");
        }
        NatProxy proxy = new NatProxy(target, idleTimeout);
        proxy.thread.start();
        return proxy;
    }

    /**
     * Where clients connect to.
     *
     * @return a loopback address
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Makes a link a black hole, for good.
     *
     * @param clientPort names the link
     * @return since when it is one, an instant of {@link System#nanoTime()}
     * @throws IllegalArgumentException if there is no such link
     */
    public long blackHole(int clientPort) {
        return ask(() -> {
            long nowNs = System.nanoTime();
            link(clientPort).blackHole(nowNs);
            return nowNs;
        });
    }

    /**
     * Passes everything on by so much later, in each direction; the order stays.
     *
     * @param clientPort names the link
     * @param oneWay 0 for none, never less than before
     * @return since when
     * @throws IllegalArgumentException if there is no such link
     */
    public long delay(int clientPort, Duration oneWay) {
        return ask(() -> {
            link(clientPort).delay(oneWay.toNanos());
            return System.nanoTime();
        });
    }

    /**
     * Passes nothing on for a time, and all of it afterwards: a radio that lost its cell.
     *
     * @param clientPort names the link
     * @param length how long
     * @return since when
     * @throws IllegalArgumentException if there is no such link
     */
    public long hold(int clientPort, Duration length) {
        return ask(() -> {
            long nowNs = System.nanoTime();
            link(clientPort).hold(nowNs + length.toNanos());
            return nowNs;
        });
    }

    /**
     * What is known of all links, those included that have ended.
     *
     * @return in no order
     */
    public List<LinkRecord> records() {
        return ask(() -> {
            List<LinkRecord> all = new ArrayList<>(ended);
            long nowNs = System.nanoTime();
            links.forEach(link -> all.add(link.record(nowNs)));
            return all;
        });
    }

    private Link link(int clientPort) {
        // From the end: the kernel may have given the port of one that is a black hole by now to another client.
        for (int i = links.size() - 1; i >= 0; i--) {
            Link link = links.get(i);
            // One that ended in this very turn is not retired yet.
            if (link.clientPort() == clientPort && link.isOpen()) {
                return link;
            }
        }
        throw new IllegalArgumentException("clientPort: " + clientPort + " (expected: that of an open link)");
    }

    private <T> T ask(java.util.concurrent.Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        commands.add(task);
        selector.wakeup();
        try {
            return task.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException("proxy failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("proxy does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the proxy", e);
        }
    }

    private void run() {
        try (selector;
                acceptor) {
            long waitNs = Long.MAX_VALUE;
            while (running) {
                waitNs = turn(waitNs);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("proxy failed", e);
        } finally {
            links.forEach(link -> link.close(true));
        }
    }

    private long turn(long waitNs) throws IOException {
        select(waitNs);
        long nowNs = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Link link) {
                link.onReady(buffer, nowNs);
            } else {
                accept(nowNs);
            }
        }
        selector.selectedKeys().clear();
        for (FutureTask<?> command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        return settle(System.nanoTime());
    }

    private void select(long waitNs) throws IOException {
        if (waitNs == Long.MAX_VALUE) {
            selector.select();
        } else {
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNs)));
        }
    }

    /**
     * Passes on what is due, retires the links that ended, and says how long nothing more is due. The same instant for
     * both: what became due between two looks at the clock would be forgotten.
     */
    private long settle(long nowNs) {
        long waitNs = Long.MAX_VALUE;
        for (Iterator<Link> each = links.iterator(); each.hasNext(); ) {
            Link link = each.next();
            link.flush(nowNs);
            if (link.isOpen()) {
                waitNs = Math.min(waitNs, link.untilDueNs(nowNs));
            } else {
                ended.add(link.record(nowNs));
                each.remove();
            }
        }
        return waitNs;
    }

    private void accept(long nowNs) throws IOException {
        for (SocketChannel client = acceptor.accept(); client != null; client = acceptor.accept()) {
            client.configureBlocking(false);
            SocketChannel server = SocketChannel.open();
            server.configureBlocking(false);
            SelectionKey clientKey = client.register(selector, 0);
            SelectionKey serverKey = server.register(selector, SelectionKey.OP_CONNECT);
            Link link = new Link(clientKey, serverKey, rememberedNs, nowNs);
            clientKey.attach(link);
            serverKey.attach(link);
            links.add(link);
            try {
                if (server.connect(target)) {
                    link.established();
                }
            } catch (IOException e) {
                link.close(true); // refused at once: that costs this client, and not the proxy
            }
        }
    }

    /** Resets every link and ends the thread. */
    @Override
    public void close() {
        running = false;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
