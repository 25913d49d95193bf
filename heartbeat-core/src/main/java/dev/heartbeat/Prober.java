package dev.heartbeat;

import static dev.heartbeat.Connections.AWAITING;
import static dev.heartbeat.Connections.UNWRITTEN;
import static dev.heartbeat.Connections.URGENT;

/** Sends probes: at most one is on its way on each connection. */
final class Prober {
    private final Connections all;
    private final Tally tally;
    private final Notices notices;
    private final Intervals intervals;

    Prober(Connections all, Tally tally, Notices notices, Intervals intervals) {
        this.all = all;
        this.tally = tally;
        this.notices = notices;
        this.intervals = intervals;
    }

    /**
     * Sends a probe, unless one is on its way already and this one is not more urgent.
     *
     * @return whether the connection is still open afterwards
     */
    boolean probe(int slot, Rules its, boolean urgent, long nowNs) {
        long handle = all.handle(slot);
        if (all.has(slot, UNWRITTEN | AWAITING)) {
            if (!urgent || all.has(slot, URGENT)) {
                return true; // an urgent one has its own short time; another may not give it a new one
            }
            all.givenUp(slot, 0, true);
        }
        long idleNs = Math.max(0, Math.min(nowNs - all.sentNs(slot), nowNs - all.receivedNs(slot)));
        all.told.put(slot, intervals.plannedNs(slot, its, nowNs), idleNs);
        int probeId = all.nextProbeId(slot);
        all.set(slot, AWAITING, false);
        all.set(slot, UNWRITTEN, true);
        all.set(slot, URGENT, urgent);
        all.stampProbe(slot, nowNs);
        tally.probes++;
        all.counts.add(slot, Counts.PROBES);
        notices.sendProbe(all.transport(slot), handle, probeId);
        return all.isStillOpen(slot, handle);
    }
}
