package dev.heartbeat.examples.lab.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as those say to whom it happened.
 *
 * <p><b>Threading:</b> written and read by many threads.
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

    /** The connection of a client that both ends know of and neither has given up; null if there is none just now. */
    @Nullable
    Event standing(int client) {
        Event connected = null;
        boolean greeted = false;
        for (Event event : events) {
            if (event.client() != client) {
                continue;
            }
            if (event.what() == Event.What.CLIENT_CONNECTED) {
                connected = event;
                greeted = false;
            } else if (connected != null && event.epoch() == connected.epoch()) {
                switch (event.what()) {
                    case SERVER_GREETED -> greeted = true;
                    case CLIENT_DEAD, CLIENT_CLOSED, SERVER_DEAD -> connected = null;
                    case CLIENT_CONNECTED, SERVER_SUSPECTS, SERVER_RECOVERS -> {}
                }
            }
        }
        return greeted ? connected : null;
    }

    List<Event> events() {
        return new ArrayList<>(events);
    }

    List<RoundTrip> roundTrips() {
        return new ArrayList<>(roundTrips);
    }
}
