package dev.heartbeat.examples.lab.demo;

/**
 * Something that one side noticed.
 *
 * @param atNs when, of {@link System#nanoTime()}
 * @param what it was
 * @param client whom it is about
 * @param epoch which of its connections, from 1
 * @param port the client's own port, if known; else 0
 * @param detail the cause of a death, else empty
 */
record Event(long atNs, What what, int client, long epoch, int port, String detail) {
    enum What {
        CLIENT_CONNECTED,
        CLIENT_DEAD,
        CLIENT_CLOSED,
        SERVER_GREETED,
        SERVER_SUSPECTS,
        SERVER_RECOVERS,
        SERVER_DEAD
    }
}
