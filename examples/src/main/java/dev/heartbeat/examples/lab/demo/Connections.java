package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.examples.lab.proxy.LinkRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together what belongs to the same connection. */
final class Connections {
    private record Key(int client, long epoch) {}

    private final Map<Key, Connection> all = new LinkedHashMap<>();

    private Connections() {}

    static Connections of(Observed observed) {
        Connections connections = new Connections();
        List<Event> events = observed.events().stream()
                .sorted(Comparator.comparingLong(event -> event.atNs() - observed.startNs()))
                .toList();
        for (Event event : events) {
            connections.take(event, observed);
        }
        for (Connection connection : connections.all.values()) {
            LinkRecord link = connection.link;
            if (link != null
                    && link.cut() == LinkRecord.Cut.FORGOTTEN
                    && link.cutNs().isPresent()) {
                long atNs = link.cutNs().getAsLong();
                // What was forgotten when both sides had given it up already is no fault.
                if (atNs - observed.closingNs() < 0) {
                    connection.fault = new Fault(Role.SLEEPY, connection.client, connection.epoch, atNs, atNs);
                }
            }
        }
        for (Fault fault : observed.faults()) {
            Connection connection = connections.all.get(new Key(fault.client(), fault.epoch()));
            if (connection != null) {
                connection.fault = fault;
            }
        }
        return connections;
    }

    private void take(Event event, Observed observed) {
        Key key = new Key(event.client(), event.epoch());
        if (event.what() == Event.What.CLIENT_CONNECTED) {
            LinkRecord link = link(observed.links(), event);
            all.put(key, new Connection(event.client(), event.epoch(), event.atNs(), link));
        }
        Connection connection = all.get(key);
        if (connection == null) {
            return;
        }
        switch (event.what()) {
            case SERVER_GREETED -> connection.greeted = event;
            case CLIENT_DEAD -> connection.clientDeaths.add(event);
            case SERVER_DEAD -> connection.serverDeaths.add(event);
            case CLIENT_CONNECTED, CLIENT_CLOSED, SERVER_SUSPECTS, SERVER_RECOVERS -> {}
        }
    }

    /** A port may serve twice: the one that was opened nearest to the moment. */
    private static @Nullable LinkRecord link(List<LinkRecord> links, Event connected) {
        return links.stream()
                .filter(link -> link.clientPort() == connected.port())
                .min(Comparator.comparingLong(link -> Math.abs(link.openedNs() - connected.atNs())))
                .orElse(null);
    }

    Collection<Connection> all() {
        return all.values();
    }
}
