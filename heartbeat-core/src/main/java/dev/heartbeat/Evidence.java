package dev.heartbeat;

import static dev.heartbeat.Connections.AWAITING;
import static dev.heartbeat.Connections.LAST_WORD;
import static dev.heartbeat.Connections.UNWRITTEN;
import static dev.heartbeat.Connections.URGENT;

/** What comes from the peer, and what has left for it: marks, pings, announcements, acks in time, late and unknown. */
final class Evidence {
    private final Connections all;
    private final Tally tally;
    private final Notices notices;
    private final Parts parts;
    private final Timers timers;

    Evidence(Connections all, Tally tally, Notices notices, Parts parts, Timers timers) {
        this.all = all;
        this.tally = tally;
        this.notices = notices;
        this.parts = parts;
        this.timers = timers;
    }

    /** Any evidence clears misses and suspicion. */
    void heard(int slot, long nowNs) {
        all.heardNs(slot, nowNs);
        all.lookCloser(slot, false);
        all.misses(slot, 0);
        all.set(slot, LAST_WORD, false);
        if (all.liveness(slot) == Liveness.SUSPECT) {
            recovered(slot, nowNs);
        }
    }

    private void recovered(int slot, long nowNs) {
        long handle = all.handle(slot);
        all.liveness(slot, Liveness.ALIVE);
        tally.recoveries++;
        timers.arm(slot, all.rules(slot), nowNs); // a suspicion may be due sooner than a death was
        if (all.isStillOpen(slot, handle)) { // telling an error may have ended it
            notices.recovered(handle);
        }
    }

    void pinged(int slot, long sequence, long nowNs) {
        long handle = all.handle(slot);
        heard(slot, nowNs);
        if (all.isStillOpen(slot, handle)) {
            Rules its = all.rules(slot);
            parts.heartbeat(slot, its, sequence, nowNs);
            rearmIfLearning(slot, its, nowNs);
            notices.tellErrors();
        }
    }

    void announced(int slot, long intervalNs, long nowNs) {
        long handle = all.handle(slot);
        Rules its = all.rules(slot);
        long clampedNs = its.clampAnnouncedNs(intervalNs);
        boolean changed = all.announcedNs(slot) != clampedNs;
        if (changed) {
            all.announcedNs(slot, clampedNs);
            timers.arm(slot, its, nowNs);
        }
        if (clampedNs != intervalNs && all.isStillOpen(slot, handle)) {
            notices.refused(handle, Refusal.INTERVAL_OUT_OF_LIMITS);
        }
    }

    /** Holds what the peer has announced to the limits of other rules. */
    void clampAnnounced(int slot, Rules its) {
        long announcedNs = all.announcedNs(slot);
        if (announcedNs > 0) {
            all.announcedNs(slot, its.clampAnnouncedNs(announcedNs));
        }
    }

    void probeSent(int slot, int probeId, long nowNs) {
        all.sentNs(slot, nowNs);
        if (all.has(slot, UNWRITTEN) && all.probeId(slot) == probeId) {
            all.set(slot, UNWRITTEN, false);
            all.set(slot, AWAITING, true);
            all.stampProbe(slot, nowNs);
            timers.arm(slot, all.rules(slot), nowNs);
        }
    }

    void acked(int slot, int probeId, long nowNs) {
        long handle = all.handle(slot);
        int probesAgo = all.probeId(slot) - probeId & 0xFFFF;
        boolean inTime = probesAgo == 0 && probeId == all.probeId(slot) && all.has(slot, UNWRITTEN | AWAITING);
        boolean late = !inTime && probeId >> 16 == 0 && all.isGivenUp(slot, probesAgo);
        if (!inTime && !late) {
            notices.refused(handle, Refusal.UNKNOWN_ACK);
            return;
        }
        long roundTripNs = all.has(slot, AWAITING) ? Math.max(0, all.sinceProbeNs(slot, nowNs)) : -1;
        if (inTime) {
            all.set(slot, UNWRITTEN | AWAITING | URGENT, false);
        } else {
            all.givenUp(slot, probesAgo, false);
        }
        boolean wasMissed = late && all.isMissed(slot, probesAgo);
        heard(slot, nowNs);
        if (!all.isStillOpen(slot, handle)) {
            return;
        }
        Rules its = all.rules(slot);
        parts.heartbeat(slot, its, Parts.UNNUMBERED, nowNs);
        if (inTime) {
            tally.acks++;
            all.counts.add(slot, Counts.ACKS);
            ackedInTime(slot, its, roundTripNs, nowNs);
        } else {
            tally.lateAcks++;
            all.counts.add(slot, Counts.LATE_ACKS);
            if (wasMissed) {
                parts.lateAck(slot, its, nowNs);
            }
            rearmIfLearning(slot, its, nowNs);
            if (all.isStillOpen(slot, handle)) {
                notices.lateAck(handle, probeId);
            }
        }
        notices.tellErrors();
    }

    private void ackedInTime(int slot, Rules its, long roundTripNs, long nowNs) {
        long handle = all.handle(slot);
        if (roundTripNs < 0) {
            // The answer came before the host told that the probe had left: it left after it was asked for.
            long askedNs = nowNs - all.sinceProbeNs(slot, nowNs);
            if (askedNs - all.sentNs(slot) > 0) {
                all.sentNs(slot, askedNs);
            }
        } else {
            all.counts.roundTrip(slot, roundTripNs);
        }
        parts.acked(slot, its, roundTripNs, nowNs);
        if (roundTripNs < 0 || all.told.intervalNs(slot) > 0) {
            timers.arm(slot, its, nowNs); // the next probe may be due before the answer was
        } else {
            rearmIfLearning(slot, its, nowNs);
        }
        if (roundTripNs >= 0 && all.isStillOpen(slot, handle)) {
            notices.ack(handle, roundTripNs);
        }
    }

    /** A detector that learns may move its deadline earlier; any other only ever moves it later, which waits. */
    private void rearmIfLearning(int slot, Rules its, long nowNs) {
        if (its.detectorLongs > 0) {
            timers.arm(slot, its, nowNs);
        }
    }
}
