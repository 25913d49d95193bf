package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.examples.lab.proxy.LinkRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection of one client, put together from what everybody says of it. */
final class Connection {
    final int client;
    final long epoch;
    final long connectedNs;
    final @Nullable LinkRecord link;
    final List<Event> clientDeaths = new ArrayList<>();
    final List<Event> serverDeaths = new ArrayList<>();

    @Nullable
    Event greeted;

    @Nullable
    Fault fault;

    Connection(int client, long epoch, long connectedNs, @Nullable LinkRecord link) {
        this.client = client;
        this.epoch = epoch;
        this.connectedNs = connectedNs;
        this.link = link;
    }
}
