package dev.heartbeat;

import static dev.heartbeat.Connections.AWAITING;
import static dev.heartbeat.Connections.LAST_WORD;
import static dev.heartbeat.Connections.UNWRITTEN;
import static dev.heartbeat.Connections.URGENT;

import dev.heartbeat.detect.Verdict;
import dev.heartbeat.wheel.ExpiryHandler;
import dev.heartbeat.wheel.TimerWheel;

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
    private final Connections all;
    private final TimerWheel wheel;
    private final StallGuard stalls;
    private final Tally tally;
    private final Notices notices;
    private final Intervals intervals;
    private final Deadlines deadlines;
    private final Parts parts;
    private final Timers timers;
    private final Evidence evidence;
    private final Endings endings;
    private final Prober prober;

    Engine(Connections all, TimerWheel wheel, StallGuard stalls, Tally tally, Notices notices, long seed) {
        this.all = all;
        this.wheel = wheel;
        this.stalls = stalls;
        this.tally = tally;
        this.notices = notices;
        this.intervals = new Intervals(all, notices, seed);
        this.deadlines = new Deadlines(all, stalls, intervals);
        this.parts = new Parts(all, notices, intervals, new PeerCursor(all, stalls, intervals));
        this.timers = new Timers(all, wheel, stalls, deadlines, notices);
        this.evidence = new Evidence(all, tally, notices, parts, timers);
        this.endings = new Endings(all, wheel, tally, notices, parts);
        this.prober = new Prober(all, tally, notices, intervals);
    }

    Intervals intervals() {
        return intervals;
    }

    Parts parts() {
        return parts;
    }

    Evidence evidence() {
        return evidence;
    }

    Endings endings() {
        return endings;
    }

    private boolean isOutstanding(int slot) {
        return all.has(slot, UNWRITTEN | AWAITING);
    }

    // ---- opening, changing, ending

    long open(HeartbeatTransport transport, int rules, long nowNs) {
        int slot = all.open(transport, rules, nowNs);
        Rules its = all.rules(slot);
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
        boolean armed = false;
        try {
            timers.arm(slot, its, nowNs);
            armed = true;
        } finally { // an Error of a listener: what nobody gets a handle of may not stay
            if (!armed && all.isStillOpen(slot, handle)) {
                endings.close(slot, nowNs);
            }
        }
        return handle;
    }

    /**
     * Another policy. The peer still goes by the interval that it was told: a longer one is announced at once or, while a
     * probe is on its way, by the next, which leaves when the peer expects it.
     */
    void policy(int slot, int rules, long nowNs) {
        long handle = all.handle(slot);
        Rules old = all.rules(slot);
        long toldNs = intervals.inForceNs(slot, old, nowNs);
        all.rules(slot, rules);
        Rules its = all.rules(slot);
        evidence.clampAnnounced(slot, its);
        boolean longer = false;
        try {
            parts.exchanged(slot, old, its, nowNs);
            if (old.probes() && its.probes()) {
                longer = intervals.plannedNs(slot, its, nowNs) > toldNs;
                all.keepTold(slot, toldNs, longer && isOutstanding(slot));
            }
        } finally { // the new rules are in force, even if one of their parts has thrown
            timers.arm(slot, its, nowNs);
        }
        if (longer && all.isStillOpen(slot, handle)) {
            probeNow(slot, false, nowNs);
        }
    }

    // ---- evidence

    /** Hears what other threads have marked since; says whether the connection is still open then. */
    boolean catchUp(int slot, long nowNs) {
        long handle = all.handle(slot);
        if (all.pull(slot, stalls.offsetNs(), nowNs)) {
            evidence.heard(slot, all.receivedNs(slot));
        }
        return all.isStillOpen(slot, handle);
    }

    // ---- probing

    void networkChanged(int slot, long nowNs) {
        parts.networkChanged(slot, all.rules(slot), nowNs);
        probeNow(slot, true, nowNs);
    }

    void probeNow(int slot, boolean urgent, long nowNs) {
        long handle = all.handle(slot);
        try {
            prober.probe(slot, all.rules(slot), urgent, nowNs);
        } finally { // an Error of the transport's too leaves a deadline behind
            if (all.isStillOpen(slot, handle)) {
                timers.arm(slot, all.rules(slot), nowNs);
            }
        }
    }

    void phaseChanged(int slot, boolean background, long nowNs) {
        if (background) {
            timers.arm(slot, all.rules(slot), nowNs);
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
        long nowNs = stalls.turn(hostNs);
        long gapNs = nowNs - stalls.lastTurnNs();
        long plannedNs = timers.plannedNs(gapNs);
        tally.lateness(Math.max(0, gapNs - plannedNs));
        long stallNs = stalls.sinceLastTurn(nowNs, plannedNs);
        if (stallNs > 0) {
            notices.stall(stallNs);
        }
        return nowNs;
    }

    /** The second half of a turn. */
    int advance(long nowNs, int limit) {
        try {
            return wheel.advance(nowNs, limit, this);
        } finally {
            timers.turned();
        }
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
                open = prober.probe(slot, all.rules(slot), false, nowNs);
            }
            if (open) {
                timers.arm(slot, all.rules(slot), nowNs);
            }
            done = true;
        } catch (RuntimeException e) {
            notices.errorLater(handle, e);
        } finally {
            // Whatever happened, an Error of a listener included: no connection is without a timer.
            if (!done && all.isStillOpen(slot, handle)) {
                wheel.schedule(slot, nowNs + Timers.AFTER_ERROR_NS);
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
            endings.die(slot, DeathCause.Kind.PROBE_UNWRITTEN, () -> "", nowNs);
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
        all.counts.add(slot, Counts.MISSES);
        int misses = all.misses(slot);
        Verdict verdict = parts.missed(slot, its, nowNs);
        if (verdict == Verdict.DEAD) {
            notices.miss(handle, misses);
            if (isStillMissing(slot, handle, misses)) {
                endings.die(slot, DeathCause.Kind.PEER_SILENT, parts.explanation(slot, all.rules(slot), nowNs), nowNs);
            }
            return all.isStillOpen(slot, handle);
        }
        boolean newSuspect = verdict == Verdict.SUSPECT && suspect(slot);
        if (its.probes() && !prober.probe(slot, its, false, nowNs)) {
            return false;
        }
        // The transport may have brought the answer at once, a listener too: what is over is not told.
        if (isStillMissing(slot, handle, misses)) {
            notices.miss(handle, misses);
        }
        if (newSuspect && isStillMissing(slot, handle, misses)) {
            notices.suspect(handle, Math.max(0, nowNs - all.receivedNs(slot)));
        }
        return all.isStillOpen(slot, handle);
    }

    private boolean isStillMissing(int slot, long handle, int misses) {
        return all.isStillOpen(slot, handle) && all.misses(slot) == misses;
    }

    private boolean judgeSilence(int slot, Rules its, long nowNs) {
        long handle = all.handle(slot);
        long silenceNs = silenceNs(slot, nowNs);
        if (silenceNs < its.detector.deadAfterNs(parts.detectorsPeer(slot))) {
            boolean due = silenceNs >= its.detector.suspectAfterNs(parts.detectorsPeer(slot));
            if (due && suspect(slot)) {
                notices.suspect(handle, silenceNs);
            }
            return all.isStillOpen(slot, handle);
        }
        if (its.reverseProbe && isOutstanding(slot)) {
            if (suspect(slot)) {
                notices.suspect(handle, silenceNs);
            }
            return all.isStillOpen(slot, handle);
        }
        if (!its.reverseProbe || all.has(slot, LAST_WORD)) {
            endings.die(slot, DeathCause.Kind.PEER_SILENT, parts.explanation(slot, its, nowNs), nowNs);
            return false;
        }
        all.set(slot, LAST_WORD, true);
        boolean newSuspect = suspect(slot);
        boolean open = prober.probe(slot, its, false, nowNs);
        if (open && newSuspect && all.liveness(slot) == Liveness.SUSPECT) {
            notices.suspect(handle, silenceNs);
        }
        return all.isStillOpen(slot, handle);
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
