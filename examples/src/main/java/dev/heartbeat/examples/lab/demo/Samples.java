package dev.heartbeat.examples.lab.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * How many there were, all through the run.
 *
 * <p><b>Threading:</b> has a thread of its own; read when it is closed.
 */
final class Samples implements AutoCloseable {
    private static final long EVERY_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Numbers at an instant, from the start in milliseconds. */
    record Sample(double atMs, int atServer, int atClients) {}

    private final List<Sample> all = new ArrayList<>();
    private final Thread thread;
    private volatile boolean running = true;

    Samples(long startNs, IntSupplier atServer, IntSupplier atClients) {
        thread = new Thread(
                () -> {
                    while (running) {
                        double atMs = Account.ms(System.nanoTime() - startNs);
                        all.add(new Sample(atMs, atServer.getAsInt(), atClients.getAsInt()));
                        LockSupport.parkNanos(EVERY_NS);
                    }
                },
                "samples");
        thread.setDaemon(true);
        thread.start();
    }

    List<Sample> all() {
        return all;
    }

    @Override
    public void close() {
        running = false;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
