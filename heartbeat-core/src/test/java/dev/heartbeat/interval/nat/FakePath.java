package dev.heartbeat.interval.nat;

import java.util.ArrayList;
import java.util.List;

/** A prober over a path that forgets after a time, in virtual time; says what is to happen and when. */
final class FakePath implements SideProber {
    private record Flight(long id, long idleNs, long dueNs, Listener listener) {}

    static final long SECOND = 1_000_000_000L;

    long timeoutNs;
    boolean down;
    String network = "home";
    int lanes = 6;
    int started;
    int controls;
    private final List<Flight> flights = new ArrayList<>();

    FakePath(long timeoutNs) {
        this.timeoutNs = timeoutNs;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public String network() {
        return network;
    }

    @Override
    public String server() {
        return "server:1";
    }

    @Override
    public void start(long probeId, long idleNs, Listener listener, long nowNs) {
        if (idleNs == 0) {
            controls++;
        } else {
            started++;
        }
        flights.add(new Flight(probeId, idleNs, nowNs + idleNs + SECOND / 10, listener));
    }

    @Override
    public void cancel(long probeId) {
        flights.removeIf(flight -> flight.id == probeId);
    }

    int underWay() {
        return flights.size();
    }

    boolean hasNext() {
        return !flights.isEmpty();
    }

    long nextDueNs(long nowNs) {
        long next = Long.MAX_VALUE;
        for (Flight flight : flights) {
            next = Math.min(next, flight.dueNs - nowNs);
        }
        return nowNs + next;
    }

    void fire(long nowNs) {
        for (Flight flight : List.copyOf(flights)) {
            if (nowNs - flight.dueNs >= 0 && flights.remove(flight)) {
                ProbeOutcome outcome = flight.idleNs <= timeoutNs ? ProbeOutcome.PROVEN : ProbeOutcome.LOST;
                flight.listener.onOutcome(
                        flight.id, down ? ProbeOutcome.UNREACHABLE : outcome, flight.idleNs, flight.dueNs);
            }
        }
    }
}
