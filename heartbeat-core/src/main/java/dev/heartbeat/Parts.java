package dev.heartbeat;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.detect.Verdict;
import dev.heartbeat.interval.Link;
import java.util.function.Supplier;

/**
 * Tells the parts of a connection's policy what happened. What a part throws is counted and told, and costs only the
 * part what it failed to learn.
 */
final class Parts {
    static final long UNNUMBERED = -1;

    private final Connections all;
    private final Notices notices;
    private final Intervals intervals;
    private final PeerCursor peer;

    Parts(Connections all, Notices notices, Intervals intervals, PeerCursor peer) {
        this.all = all;
        this.notices = notices;
        this.intervals = intervals;
        this.peer = peer;
    }

    /** The peer as the detector sees it, valid until the next call. */
    Peer detectorsPeer(int slot) {
        return peer.at(slot, 0);
    }

    private Peer ackTimeoutsPeer(int slot, Rules its) {
        return peer.at(slot, its.detectorLongs);
    }

    private Link link(int slot) {
        return intervals.link(slot);
    }

    /** Throws on: a policy that fails at the door is its user's to mend. */
    void opened(int slot, Rules its, long nowNs) {
        its.detector.onOpened(detectorsPeer(slot), nowNs);
        its.interval.onOpened(link(slot), nowNs);
    }

    /** Other rules; a strategy that is in both just goes on. What throws, throws on, as at the door. */
    void exchanged(int slot, Rules old, Rules its, long nowNs) {
        if (old.interval == its.interval) {
            its.detector.onOpened(detectorsPeer(slot), nowNs);
        } else {
            closed(slot, old, false, nowNs);
            opened(slot, its, nowNs);
        }
    }

    void closed(int slot, Rules its, boolean peerLost, long nowNs) {
        try {
            its.interval.onClosed(link(slot), peerLost, nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
        }
    }

    void networkChanged(int slot, Rules its, long nowNs) {
        try {
            its.interval.onNetworkChanged(nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
        }
    }

    /** A heartbeat of the peer; {@code sequence} is less than 0 if it is not numbered. */
    void heartbeat(int slot, Rules its, long sequence, long nowNs) {
        try {
            if (sequence < 0) {
                its.detector.onHeartbeat(detectorsPeer(slot), nowNs);
            } else {
                its.detector.onHeartbeat(detectorsPeer(slot), sequence, nowNs);
            }
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
        }
    }

    /** An ack in time; {@code roundTripNs} is less than 0 if it could not be measured. */
    void acked(int slot, Rules its, long roundTripNs, long nowNs) {
        try {
            its.interval.onAck(link(slot), all.told.idleNs(slot), nowNs);
            if (roundTripNs >= 0) {
                its.detector.onAck(detectorsPeer(slot), roundTripNs, nowNs);
                its.ackTimeout.onAck(ackTimeoutsPeer(slot, its), roundTripNs, nowNs);
            }
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
        }
    }

    void lateAck(int slot, Rules its, long nowNs) {
        try {
            its.detector.onLateAck(detectorsPeer(slot), nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
        }
    }

    Verdict missed(int slot, Rules its, long nowNs) {
        try {
            its.ackTimeout.onMiss(ackTimeoutsPeer(slot, its), nowNs);
            its.interval.onMiss(link(slot), all.told.idleNs(slot), nowNs);
            return its.detector.onMiss(detectorsPeer(slot), nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
            return Verdict.TRUST;
        }
    }

    String explain(int slot, Rules its, long nowNs) {
        try {
            return its.detector.explain(detectorsPeer(slot), nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
            return "";
        }
    }

    /** What the detector would say now, to be asked for when the connection is gone. */
    Supplier<String> explanation(int slot, Rules its, long nowNs) {
        try {
            FailureDetector detector = its.detector;
            Peer seen = new PeerSnapshot(detectorsPeer(slot), its.detectorLongs, nowNs);
            return () -> detector.explain(seen, nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
            return () -> "";
        }
    }

    double suspicion(int slot, Rules its, long nowNs) {
        return its.detector.suspicion(detectorsPeer(slot), nowNs);
    }
}
