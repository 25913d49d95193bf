package dev.heartbeat.examples.lab.nat;

import dev.heartbeat.interval.nat.ProbeOutcome;
import dev.heartbeat.interval.nat.SideProber;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Side probes over the simulated path: a request that is repeated until it passes, a server that speaks four times,
 * 2 s apart, after the silence, and a fresh control connection if none of that was heard.
 */
final class SimulatedProber implements SideProber {
    private static final int TRIES = 4;
    private static final long RETRY_NS = 2 * Scenario.SECOND;
    private static final long GIVE_UP_NS = 8 * Scenario.SECOND;

    /** A probe on its way; what becomes of it is known here, and told when its time has come. */
    private record Flight(long id, Listener listener, long startNs, long idleNs, long reportNs, ProbeOutcome outcome) {}

    /** A probe that has ended, for the chart. */
    record Trace(long startNs, long idleNs, long endNs, ProbeOutcome outcome) {}

    private final Path path;
    private final Ledger ledger;
    private final long originNs;
    private final int lanes;
    private final List<Flight> flights = new ArrayList<>();
    private final List<Trace> traces = new ArrayList<>();

    SimulatedProber(Path path, Ledger ledger, long originNs, int lanes) {
        this.path = path;
        this.ledger = ledger;
        this.originNs = originNs;
        this.lanes = lanes;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public String network() {
        throw new IllegalStateException("network: asked of the prober (expected: of the run)");
    }

    @Override
    public String server() {
        return "lab";
    }

    List<Trace> traces() {
        return traces;
    }

    @Override
    public void start(long probeId, long idleNs, Listener listener, long libraryNowNs) {
        long nowNs = libraryNowNs - originNs;
        long askedNs = passNs(nowNs);
        if (askedNs < 0) {
            add(probeId, listener, nowNs, idleNs, nowNs + GIVE_UP_NS, ProbeOutcome.UNREACHABLE);
            return;
        }
        for (int i = 0; i < TRIES; i++) {
            long spokenNs = askedNs + idleNs + i * RETRY_NS;
            boolean expired = idleNs > 0 && spokenNs - askedNs > path.timeoutNs(spokenNs);
            if (!expired && !path.isOut(spokenNs) && !path.isLost()) {
                add(probeId, listener, nowNs, idleNs, spokenNs + Path.ROUND_TRIP_NS, ProbeOutcome.PROVEN);
                return;
            }
        }
        long doubtedNs = askedNs + idleNs + TRIES * RETRY_NS;
        long controlNs = idleNs == 0 ? -1 : passNs(doubtedNs);
        if (controlNs < 0) {
            add(probeId, listener, nowNs, idleNs, doubtedNs + GIVE_UP_NS, ProbeOutcome.UNREACHABLE);
        } else {
            add(probeId, listener, nowNs, idleNs, controlNs + Path.ROUND_TRIP_NS, ProbeOutcome.LOST);
        }
    }

    /** When a request that is repeated has passed and was answered, or -1 if it never was. */
    private long passNs(long nowNs) {
        for (int i = 0; i < TRIES; i++) {
            long triedNs = nowNs + i * RETRY_NS;
            ledger.message();
            if (!path.isOut(triedNs) && !path.isLost()) {
                return triedNs;
            }
        }
        return -1;
    }

    private void add(long id, Listener listener, long startNs, long idleNs, long reportNs, ProbeOutcome outcome) {
        flights.add(new Flight(id, listener, startNs, idleNs, reportNs, outcome));
    }

    @Override
    public void cancel(long probeId) {
        flights.removeIf(flight -> flight.id == probeId);
    }

    long nextNs() {
        long next = Long.MAX_VALUE;
        for (Flight flight : flights) {
            next = Math.min(next, flight.reportNs);
        }
        return next;
    }

    /** Reports the probes that have ended by now, in order. */
    void fire(long nowNs) {
        for (Flight flight = firstBy(nowNs); flight != null; flight = firstBy(nowNs)) {
            flights.remove(flight);
            if (flight.idleNs > 0) {
                traces.add(new Trace(flight.startNs, flight.idleNs, flight.reportNs, flight.outcome));
            }
            flight.listener.onOutcome(flight.id, flight.outcome, flight.idleNs, originNs + flight.reportNs);
        }
    }

    private @Nullable Flight firstBy(long nowNs) {
        Flight first = null;
        for (Flight flight : flights) {
            if (flight.reportNs <= nowNs && (first == null || flight.reportNs < first.reportNs)) {
                first = flight;
            }
        }
        return first;
    }
}
