package dev.heartbeat;

import static dev.heartbeat.Connections.AWAITING;
import static dev.heartbeat.Connections.LAST_WORD;
import static dev.heartbeat.Connections.UNWRITTEN;
import static dev.heartbeat.Connections.URGENT;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.detect.Verdict;
import dev.heartbeat.wheel.ExpiryHandler;
import dev.heartbeat.wheel.TimerWheel;
import java.util.function.Supplier;

/**
 * The state machine of one connection, run over the columns.
 *
 * <p>A packet is a store. Everything else happens here: when a connection's timer comes due, the stamps are looked at
 * and either something is done or the wheel is asked for what is left. Lengths that decide over the peer are counted in
 * time that we were awake ({@link StallGuard}); lengths that decide over our own probes in plain time, since no NAT
 * waits for us.
 *
 * <p>After each call out, to a transport or a listener, the connection may be gone: nothing is taken for granted
 * afterwards.
 */
final class Engine implements ExpiryHandler {
    /** How soon a connection is looked at again whose policy threw. */
    private static final long AFTER_ERROR_NS = 1_000_000_000L;

    private final Connections all;
    private final TimerWheel wheel;
    private final StallGuard stalls;
    private final Tally tally;
    private final Notices notices;
    private final Intervals intervals;
    private final Deadlines deadlines;
    private final PeerCursor peer;
    private final Parts parts;

    Engine(Connections all, TimerWheel wheel, StallGuard stalls, Tally tally, Notices notices, long seed) {
        this.all = all;
        this.wheel = wheel;
        this.stalls = stalls;
        this.tally = tally;
        this.notices = notices;
        this.intervals = new Intervals(all, notices, seed);
        this.deadlines = new Deadlines(all, stalls, intervals);
        this.peer = new PeerCursor(all, stalls, intervals);
        this.parts = new Parts(all, notices, intervals, peer);
    }

    Intervals intervals() {
        return intervals;
    }

    Parts parts() {
        return parts;
    }

    private Peer detectorsPeer(int slot) {
        return peer.at(slot, 0);
    }

    private boolean isStillOpen(int slot, long handle) {
        return all.slot(handle) == slot && all.liveness(slot) != Liveness.DEAD;
    }

    private boolean isOutstanding(int slot) {
        return all.has(slot, UNWRITTEN | AWAITING);
    }

    private void arm(int slot, Rules its, long nowNs) {
        long leftNs;
        try {
            leftNs = deadlines.untilNextNs(slot, its, nowNs);
        } catch (RuntimeException e) {
            notices.errorLater(all.handle(slot), e);
            leftNs = AFTER_ERROR_NS;
        }
        if (leftNs == FailureDetector.NEVER) {
            wheel.cancel(slot);
        } else {
            wheel.schedule(slot, nowNs + leftNs);
        }
        notices.tellErrors();
    }

    // ---- opening, changing, ending

    long open(HeartbeatTransport transport, Rules its, long nowNs) {
        int slot = all.open(transport, its, nowNs);
        long handle = all.handle(slot);
        boolean opened = false;
        try {
            parts.opened(slot, its, nowNs);
            opened = true;
        } finally {
            if (!opened) {
                all.free(slot);
            }
        }
        tally.opened++;
        arm(slot, its, nowNs);
        return handle;
    }

    void policy(int slot, Rules its, long nowNs) {
        all.rules(slot, its);
        parts.opened(slot, its, nowNs);
        arm(slot, its, nowNs);
    }

    /** Ends a connection that the host gave up. Nobody is told. */
    void close(int slot, long nowNs) {
        all.liveness(slot, Liveness.DEAD); // nobody's any more, even for what is called from here
        all.lookCloser(slot, true);
        wheel.cancel(slot);
        tally.closed++;
        tally.ending++;
        try {
            parts.closed(slot, all.rules(slot), false, nowNs);
            notices.tellErrors();
        } finally {
            tally.ending--;
            all.free(slot);
        }
    }

    /** Declares a connection dead: state first, then the transport, then the listener. */
    void die(int slot, DeathCause.Kind kind, Supplier<String> detail, long nowNs) {
        long handle = all.handle(slot);
        HeartbeatTransport transport = all.transport(slot);
        long silenceNs = Math.max(0, nowNs - all.receivedNs(slot));
        DeathCause cause = new DeathCause(kind, silenceNs, all.misses(slot), all.roundTripNs(slot), detail);
        all.liveness(slot, Liveness.DEAD);
        all.lookCloser(slot, true);
        wheel.cancel(slot);
        tally.died(kind);
        tally.ending++;
        try {
            parts.closed(slot, all.rules(slot), kind != DeathCause.Kind.CLOSED_BY_PEER, nowNs);
            notices.tellErrors();
            notices.close(transport, handle, cause);
            notices.dead(handle, cause);
        } finally {
            tally.ending--;
            all.free(slot);
        }
    }

    // ---- evidence

    /** Any evidence clears misses and suspicion. */
    void heard(int slot, long nowNs) {
        long handle = all.handle(slot);
        all.receivedNs(slot, nowNs);
        all.lookCloser(slot, false);
        all.misses(slot, 0);
        all.set(slot, LAST_WORD, false);
        if (all.liveness(slot) == Liveness.SUSPECT) {
            all.liveness(slot, Liveness.ALIVE);
            tally.recoveries++;
            arm(slot, all.rules(slot), nowNs); // a suspicion may be due sooner than a death was
            notices.recovered(handle);
        }
    }

    /** Hears what other threads have marked since; says whether the connection is still open then. */
    boolean catchUp(int slot, long nowNs) {
        long handle = all.handle(slot);
        if (all.pull(slot, stalls.offsetNs(), nowNs)) {
            heard(slot, all.receivedNs(slot));
        }
        return isStillOpen(slot, handle);
    }

    void pinged(int slot, long sequence, long nowNs) {
        long handle = all.handle(slot);
        heard(slot, nowNs);
        if (isStillOpen(slot, handle)) {
            Rules its = all.rules(slot);
            parts.heartbeat(slot, its, sequence, nowNs);
            rearmIfLearning(slot, its, nowNs);
            notices.tellErrors();
        }
    }

    void announced(int slot, long intervalNs, long nowNs) {
        long handle = all.handle(slot);
        Rules its = all.rules(slot);
        long clampedNs = Math.max(its.shortestAnnouncedNs, Math.min(intervalNs, its.longestAnnouncedNs));
        boolean changed = all.announcedNs(slot) != clampedNs;
        if (changed) {
            all.announcedNs(slot, clampedNs);
            arm(slot, its, nowNs);
        }
        if (clampedNs != intervalNs && isStillOpen(slot, handle)) {
            notices.refused(handle, Refusal.INTERVAL_OUT_OF_LIMITS);
        }
    }

    void probeSent(int slot, int probeId, long nowNs) {
        all.sentNs(slot, nowNs);
        if (all.has(slot, UNWRITTEN) && all.probeId(slot) == probeId) {
            all.set(slot, UNWRITTEN, false);
            all.set(slot, AWAITING, true);
            all.stampProbe(slot, nowNs);
            arm(slot, all.rules(slot), nowNs);
        }
    }

    void acked(int slot, int probeId, long nowNs) {
        long handle = all.handle(slot);
        int probesAgo = all.probeId(slot) - probeId & 0xFFFF;
        boolean inTime = probesAgo == 0 && probeId == all.probeId(slot) && isOutstanding(slot);
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
        if (!isStillOpen(slot, handle)) {
            return;
        }
        Rules its = all.rules(slot);
        parts.heartbeat(slot, its, Parts.UNNUMBERED, nowNs);
        if (inTime) {
            tally.acks++;
            all.count(slot, Connections.ACKS);
            ackedInTime(slot, its, roundTripNs, nowNs);
        } else {
            tally.lateAcks++;
            all.count(slot, Connections.LATE_ACKS);
            if (wasMissed) {
                parts.lateAck(slot, its, nowNs);
            }
            rearmIfLearning(slot, its, nowNs);
            if (isStillOpen(slot, handle)) {
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
            all.roundTrip(slot, roundTripNs);
        }
        parts.acked(slot, its, roundTripNs, nowNs);
        if (roundTripNs < 0) {
            arm(slot, its, nowNs);
        } else {
            rearmIfLearning(slot, its, nowNs);
        }
        if (roundTripNs >= 0 && isStillOpen(slot, handle)) {
            notices.ack(handle, roundTripNs);
        }
    }

    /** A detector that learns may move its deadline earlier; any other only ever moves it later, which waits. */
    private void rearmIfLearning(int slot, Rules its, long nowNs) {
        if (its.detectorLongs > 0) {
            arm(slot, its, nowNs);
        }
    }

    // ---- probing

    /**
     * Sends a probe, unless one is on its way already and this one is not more urgent.
     *
     * @return whether the connection is still open afterwards
     */
    boolean probe(int slot, Rules its, boolean urgent, long nowNs) {
        long handle = all.handle(slot);
        if (isOutstanding(slot)) {
            if (!urgent || all.has(slot, URGENT)) {
                return true; // an urgent one has its own short time; another may not give it a new one
            }
            all.givenUp(slot, 0, true);
        }
        long idleNs = Math.max(0, Math.min(nowNs - all.sentNs(slot), nowNs - all.receivedNs(slot)));
        all.told(slot, intervals.plannedNs(slot, its, nowNs), idleNs);
        int probeId = all.nextProbeId(slot);
        all.set(slot, AWAITING, false);
        all.set(slot, UNWRITTEN, true);
        all.set(slot, URGENT, urgent);
        all.stampProbe(slot, nowNs);
        tally.probes++;
        all.count(slot, Connections.PROBES);
        notices.sendProbe(all.transport(slot), handle, probeId);
        return isStillOpen(slot, handle);
    }

    void networkChanged(int slot, long nowNs) {
        parts.networkChanged(slot, all.rules(slot), nowNs);
        probeNow(slot, true, nowNs);
    }

    void probeNow(int slot, boolean urgent, long nowNs) {
        if (probe(slot, all.rules(slot), urgent, nowNs)) {
            arm(slot, all.rules(slot), nowNs);
        }
    }

    void phaseChanged(int slot, boolean background, long nowNs) {
        if (background) {
            arm(slot, all.rules(slot), nowNs);
        } else {
            probeNow(slot, true, nowNs);
        }
    }

    // ---- the timer

    /** One turn of the host's loop: looks back for a stall, then does what is due. */
    int turn(long hostNs, int limit) {
        return advance(lookBack(hostNs), limit);
    }

    /** The first half of a turn, before anything is planned anew; what it returns is the present instant in here. */
    long lookBack(long hostNs) {
        long plannedNs = wheel.delayUntilNextNs(stalls.lastTurnNs());
        long nowNs = stalls.turn(hostNs);
        tally.lateness(Math.max(0, nowNs - stalls.lastTurnNs() - plannedNs));
        long stallNs = stalls.sinceLastTurn(nowNs, plannedNs);
        if (stallNs > 0) {
            notices.stall(stallNs);
        }
        return nowNs;
    }

    /** The second half of a turn. */
    int advance(long nowNs, int limit) {
        return wheel.advance(nowNs, limit, this);
    }

    @Override
    public long readAhead(int slot) {
        return all.readAhead(slot);
    }

    @Override
    public void onExpiry(int slot, long nowNs) {
        long handle = all.handle(slot);
        boolean done = false;
        try {
            // After each step the rules are read again: whoever was told may have changed them.
            boolean open = catchUp(slot, nowNs)
                    && judgeProbe(slot, all.rules(slot), nowNs)
                    && judgeSilence(slot, all.rules(slot), nowNs);
            if (open && !isOutstanding(slot) && deadlines.untilProbeNs(slot, all.rules(slot), nowNs) <= 0) {
                open = probe(slot, all.rules(slot), false, nowNs);
            }
            if (open) {
                arm(slot, all.rules(slot), nowNs);
            }
            done = true;
        } catch (RuntimeException e) {
            notices.errorLater(handle, e);
        } finally {
            // Whatever happened, an Error of a listener included: no connection is without a timer.
            if (!done && isStillOpen(slot, handle)) {
                wheel.schedule(slot, nowNs + AFTER_ERROR_NS);
            }
        }
        notices.tellErrors();
    }

    private boolean judgeProbe(int slot, Rules its, long nowNs) {
        if (all.has(slot, AWAITING)) {
            if (deadlines.untilAckNs(slot, its, nowNs) > 0) {
                return true;
            }
            long leftNs = nowNs - all.sinceProbeNs(slot, nowNs);
            if (all.receivedNs(slot) - leftNs < 0) {
                return miss(slot, its, nowNs);
            }
            all.givenUp(slot, 0, true);
            all.set(slot, AWAITING | URGENT, false);
            tally.answeredByData++;
            return true;
        }
        if (all.has(slot, UNWRITTEN) && deadlines.untilUnwrittenNs(slot, its, nowNs) <= 0) {
            die(slot, DeathCause.Kind.PROBE_UNWRITTEN, () -> "", nowNs);
            return false;
        }
        return true;
    }

    private boolean miss(int slot, Rules its, long nowNs) {
        long handle = all.handle(slot);
        all.misses(slot, all.misses(slot) + 1);
        all.missed(slot);
        all.set(slot, AWAITING | URGENT, false);
        all.lookCloser(slot, true);
        tally.misses++;
        all.count(slot, Connections.MISSES);
        int misses = all.misses(slot);
        Verdict verdict = parts.missed(slot, its, nowNs);
        if (verdict == Verdict.DEAD) {
            notices.miss(handle, misses);
            if (isStillMissing(slot, handle, misses)) {
                die(slot, DeathCause.Kind.PEER_SILENT, parts.explanation(slot, all.rules(slot), nowNs), nowNs);
            }
            return isStillOpen(slot, handle);
        }
        boolean newSuspect = verdict == Verdict.SUSPECT && suspect(slot);
        if (its.probes() && !probe(slot, its, false, nowNs)) {
            return false;
        }
        // The transport may have brought the answer at once, a listener too: what is over is not told.
        if (isStillMissing(slot, handle, misses)) {
            notices.miss(handle, misses);
        }
        if (newSuspect && isStillMissing(slot, handle, misses)) {
            notices.suspect(handle, Math.max(0, nowNs - all.receivedNs(slot)));
        }
        return isStillOpen(slot, handle);
    }

    private boolean isStillMissing(int slot, long handle, int misses) {
        return isStillOpen(slot, handle) && all.misses(slot) == misses;
    }

    private boolean judgeSilence(int slot, Rules its, long nowNs) {
        long handle = all.handle(slot);
        long silenceNs = silenceNs(slot, nowNs);
        if (silenceNs < its.detector.deadAfterNs(detectorsPeer(slot))) {
            boolean due = silenceNs >= its.detector.suspectAfterNs(detectorsPeer(slot));
            if (due && suspect(slot)) {
                notices.suspect(handle, silenceNs);
            }
            return isStillOpen(slot, handle);
        }
        if (its.reverseProbe && isOutstanding(slot)) {
            if (suspect(slot)) {
                notices.suspect(handle, silenceNs);
            }
            return isStillOpen(slot, handle);
        }
        if (!its.reverseProbe || all.has(slot, LAST_WORD)) {
            die(slot, DeathCause.Kind.PEER_SILENT, parts.explanation(slot, its, nowNs), nowNs);
            return false;
        }
        all.set(slot, LAST_WORD, true);
        boolean newSuspect = suspect(slot);
        boolean open = probe(slot, its, false, nowNs);
        if (open && newSuspect && all.liveness(slot) == Liveness.SUSPECT) {
            notices.suspect(handle, silenceNs);
        }
        return isStillOpen(slot, handle);
    }

    private boolean suspect(int slot) {
        if (all.liveness(slot) != Liveness.ALIVE) {
            return false;
        }
        all.liveness(slot, Liveness.SUSPECT);
        all.lookCloser(slot, true);
        tally.suspects++;
        return true;
    }

    long silenceNs(int slot, long nowNs) {
        return stalls.awakeNs(all.receivedNs(slot), nowNs);
    }
}
