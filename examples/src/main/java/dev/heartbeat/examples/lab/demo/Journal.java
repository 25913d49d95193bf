package dev.heartbeat.examples.lab.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What happened, as those say to whom it happened.
 *
 * <p><b>Threading:</b> written by many threads, read when they are done.
 */
final class Journal {
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RoundTrip> roundTrips = new ConcurrentLinkedQueue<>();

    /**
     * One answered probe.
     *
     * @param slow whether the link was made slow
     * @param ns how long it took
     */
    record RoundTrip(boolean slow, long ns) {}

    void add(Event.What what, int client, long epoch, int port, String detail) {
        events.add(new Event(System.nanoTime(), what, client, epoch, port, detail));
    }

    void roundTrip(boolean slow, long ns) {
        roundTrips.add(new RoundTrip(slow, ns));
    }

    List<Event> events() {
        return new ArrayList<>(events);
    }

    List<RoundTrip> roundTrips() {
        return new ArrayList<>(roundTrips);
    }
}
