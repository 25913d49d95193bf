package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.nio.NioHeartbeats;
import dev.heartbeat.nio.NioListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary selector loop with heartbeats, on a thread of its own, to which other threads may hand questions.
 *
 * <p><b>Threading:</b> {@link #ask}, {@link #tell} and {@link #close} may be called by any thread; the rest is the
 * loop's.
 */
abstract class Loop implements NioListener, AutoCloseable {
    private static final long ANSWER_SECONDS = 60;

    private final Selector selector;
    private final NioHeartbeats heartbeats;
    private final Lateness lateness;
    private final ConcurrentLinkedQueue<FutureTask<?>> commands = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    Loop(String name, HeartbeatPolicy policy, Lateness lateness) throws IOException {
        this.lateness = lateness;
        selector = Selector.open();
        heartbeats = NioHeartbeats.on(selector, policy, this);
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** A channel is ready. What it throws ends this channel's business only. */
    abstract void ready(SelectionKey key) throws IOException;

    /** Called once per turn, with the present instant; says how long the next turn may be away. */
    abstract Duration turn(long nowNs) throws IOException;

    void start() {
        thread.start();
    }

    Selector selector() {
        return selector;
    }

    NioHeartbeats heartbeats() {
        return heartbeats;
    }

    private void run() {
        try {
            Duration most = Duration.ZERO;
            long commandedNs = System.nanoTime();
            while (running) {
                heartbeats.select(most);
                long nowNs = System.nanoTime();
                long lateNs = heartbeats.monitor().statistics().lastLateness().toNanos();
                if (lateNs < nowNs - commandedNs) { // else it is what others had done here
                    lateness.note(nowNs, lateNs);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key);
                }
                selector.selectedKeys().clear();
                for (FutureTask<?> command = commands.poll(); command != null; command = commands.poll()) {
                    command.run();
                    nowNs = System.nanoTime();
                    commandedNs = nowNs;
                }
                most = turn(System.nanoTime());
                lateness.note(System.nanoTime(), System.nanoTime() - nowNs);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        } finally {
            ended = true;
            refuseAll();
            for (SelectionKey key : selector.keys()) {
                closeQuietly(key);
            }
            closeQuietly(selector);
        }
    }

    /** Nobody will answer any more: those who wait are told so now. */
    private void refuseAll() {
        for (FutureTask<?> command = commands.poll(); command != null; command = commands.poll()) {
            command.cancel(false);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isValid()) {
                ready(key);
            }
        } catch (IOException e) {
            // The connection was lost, and onDead has said so.
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            // The run is over.
        }
    }

    private static void closeQuietly(Selector selector) {
        try {
            selector.close();
        } catch (IOException e) {
            // The run is over.
        }
    }

    /** Has something done by the loop, and does not wait for it. */
    void tell(Runnable command) {
        commands.add(new FutureTask<>(command, null));
        selector.wakeup();
    }

    /**
     * Has something done by the loop, and waits for it.
     *
     * @throws IllegalStateException at once if the loop has ended, whether it failed or was closed
     */
    <T> T ask(Callable<T> question) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(question);
        commands.add(task);
        if (ended) {
            refuseAll(); // else the loop does that, when it ends
        }
        selector.wakeup();
        try {
            return task.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(thread.getName() + " failed", e.getCause());
        } catch (CancellationException e) {
            Throwable reason = failure;
            throw reason == null
                    ? new IllegalStateException(thread.getName() + " has ended", e)
                    : new IllegalStateException(thread.getName() + " failed", reason);
        } catch (TimeoutException e) {
            throw new IllegalStateException(thread.getName() + " does not answer", e);
        }
    }

    @Override
    public void close() {
        running = false;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Throwable reason = failure;
        if (reason instanceof IOException e) {
            throw new UncheckedIOException(thread.getName() + " failed", e);
        }
        if (reason != null) {
            throw new IllegalStateException(thread.getName() + " failed", reason);
        }
    }
}
