package dev.heartbeat;

import static dev.heartbeat.Connections.AWAITING;
import static dev.heartbeat.Connections.UNWRITTEN;
import static dev.heartbeat.Connections.URGENT;

import dev.heartbeat.detect.FailureDetector;

/** How long until something is due on a connection: lengths from now; 0 or less is due. */
final class Deadlines {
    /** Own writes are no life: this many silent intervals bring a probe even to a connection that writes. */
    private static final int SILENT_INTERVALS = 2;

    private final Connections all;
    private final StallGuard stalls;
    private final Intervals intervals;
    private final PeerCursor peer;

    Deadlines(Connections all, StallGuard stalls, Intervals intervals) {
        this.all = all;
        this.stalls = stalls;
        this.intervals = intervals;
        this.peer = new PeerCursor(all, stalls, intervals);
    }

    /** The earliest of all; {@link FailureDetector#NEVER} if nothing ever is. */
    long untilNextNs(int slot, Rules its, long nowNs) {
        long silentNs = untilSilentNs(slot, its, nowNs);
        if (all.has(slot, AWAITING)) {
            return Math.min(silentNs, untilAckNs(slot, its, nowNs));
        }
        if (all.has(slot, UNWRITTEN)) {
            return Math.min(silentNs, untilUnwrittenNs(slot, its, nowNs));
        }
        return Math.min(silentNs, untilProbeNs(slot, its, nowNs));
    }

    private long untilSilentNs(int slot, Rules its, long nowNs) {
        long silenceNs = stalls.awakeNs(all.receivedNs(slot), nowNs);
        long limitNs = its.detector.deadAfterNs(peer.at(slot, 0));
        if (its.reverseProbe && silenceNs >= limitNs && all.has(slot, UNWRITTEN | AWAITING)) {
            limitNs = FailureDetector.NEVER; // the last word decides
        }
        if (all.liveness(slot) == Liveness.ALIVE) {
            limitNs = Math.min(limitNs, its.detector.suspectAfterNs(peer.at(slot, 0)));
        }
        return limitNs == FailureDetector.NEVER ? FailureDetector.NEVER : limitNs - silenceNs;
    }

    long untilAckNs(int slot, Rules its, long nowNs) {
        long timeoutNs = its.ackTimeout.timeoutNs(peer.at(slot, its.detectorLongs));
        if (all.has(slot, URGENT)) {
            timeoutNs = Math.min(timeoutNs, its.urgentAckTimeoutNs);
        }
        // What the peer was told may be shorter than the fixed interval, too.
        if (its.probes() && (!its.intervalIsFixed || all.told.intervalNs(slot) > 0)) {
            timeoutNs = Math.min(timeoutNs, intervals.inForceNs(slot, its, nowNs));
        }
        long leftNs = nowNs - all.sinceProbeNs(slot, nowNs);
        return timeoutNs - stalls.awakeNs(leftNs, nowNs);
    }

    /** Bytes that drain out are progress: the probe behind them has its deadline counted anew. */
    long untilUnwrittenNs(int slot, Rules its, long nowNs) {
        long askedNs = nowNs - all.sinceProbeNs(slot, nowNs);
        long progressNs = all.sentNs(slot) - askedNs > 0 ? all.sentNs(slot) : askedNs;
        return its.unwrittenDeadlineNs - stalls.awakeNs(progressNs, nowNs);
    }

    long untilProbeNs(int slot, Rules its, long nowNs) {
        if (!its.probes()) {
            return FailureDetector.NEVER;
        }
        long sinceSentNs = nowNs - all.sentNs(slot);
        long sinceReceivedNs = nowNs - all.receivedNs(slot);
        long intervalNs = intervals.inForceNs(slot, its, nowNs);
        long quietNs = switch (its.quiet) {
            case ALWAYS -> all.sinceProbeNs(slot, nowNs);
            case OUTBOUND -> sinceSentNs;
            case INBOUND -> sinceReceivedNs;
            case BOTH, NEVER -> Math.min(sinceSentNs, sinceReceivedNs);
        };
        long leftNs = intervals.jitteredNs(slot, its, intervalNs) - quietNs;
        return Math.min(leftNs, SILENT_INTERVALS * intervalNs - sinceReceivedNs);
    }
}
