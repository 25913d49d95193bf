package dev.heartbeat.examples.blocking;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread for each connection. */
final class ConnectionThreads {
    private ConnectionThreads() {}

    /** One platform thread for each task, used again for later ones. */
    static ExecutorService platform() {
        return Executors.newCachedThreadPool();
    }

    /** One virtual thread for each task, from JDK 21 on; platform threads before. */
    static ExecutorService virtualIfPresent() {
        try {
            // Compiled for 17; with 21 and later simply Executors.newVirtualThreadPerTaskExecutor().
            Object executor =
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            return executor instanceof ExecutorService virtual ? virtual : platform();
        } catch (ReflectiveOperationException e) {
            return platform();
        }
    }
}
