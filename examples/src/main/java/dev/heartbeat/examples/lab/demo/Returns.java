package dev.heartbeat.examples.lab.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the clients came back.
 *
 * @param lengthsMs from noticing to being greeted by the server again
 * @param late how many took longer than allowed
 * @param never how many did not come back though there was time
 */
record Returns(List<Double> lengthsMs, int late, int never) {
    private record Key(int client, long epoch) {}

    static Returns of(Collection<Connection> connections, Judge judge, Observed observed) {
        Map<Key, Connection> byEpoch = new HashMap<>();
        for (Connection connection : connections) {
            byEpoch.put(new Key(connection.client, connection.epoch), connection);
        }
        List<Double> lengths = new ArrayList<>();
        int late = 0;
        int never = 0;
        for (Connection lost : connections) {
            Event death = Judge.first(lost.clientDeaths);
            if (death == null || death.atNs() - observed.closingNs() >= 0) {
                continue;
            }
            Connection next = byEpoch.get(new Key(lost.client, lost.epoch + 1));
            Event back = next == null ? null : next.greeted;
            long untilNs = back == null ? observed.closingNs() : back.atNs();
            long allowedNs = judge.returnAllowanceNs(death.atNs(), untilNs);
            boolean overdue = untilNs - death.atNs() > allowedNs;
            if (back != null) {
                lengths.add(Account.ms(untilNs - death.atNs()));
                late += overdue ? 1 : 0;
            } else {
                never += overdue ? 1 : 0;
            }
        }
        return new Returns(lengths, late, never);
    }
}
