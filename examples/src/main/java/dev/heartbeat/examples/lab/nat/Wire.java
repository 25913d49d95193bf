package dev.heartbeat.examples.lab.nat;

import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;

/**
 * One background connection over the simulated path, driven as a heartbeat monitor drives it: a probe after each
 * interval, a miss after the ack timeout, the next try at once.
 */
final class Wire implements Link {
    private final Path path;
    private final Ledger ledger;
    private final IntervalStrategy strategy;
    private final long originNs;
    private final long ackTimeoutNs;
    private final int missesToDeath;
    private final long silenceToDeathNs;

    private long handle;
    private int misses;
    private boolean givenUp;

    private boolean connecting = true;
    private long connectedNs;

    private boolean awaiting;
    private boolean willAnswer;
    private long verdictNs;
    private long idleNs;

    private long sentNs;
    private long toldNs;
    private long heardNs;
    private long passedNs;
    private long firstUnansweredNs;

    Wire(
            Path path,
            Ledger ledger,
            IntervalStrategy strategy,
            long originNs,
            long ackTimeoutNs,
            int missesToDeath,
            long silenceToDeathNs) {
        this.path = path;
        this.ledger = ledger;
        this.strategy = strategy;
        this.originNs = originNs;
        this.ackTimeoutNs = ackTimeoutNs;
        this.missesToDeath = missesToDeath;
        this.silenceToDeathNs = silenceToDeathNs;
    }

    @Override
    public long handle() {
        return handle;
    }

    @Override
    public Phase phase() {
        return Phase.BACKGROUND;
    }

    @Override
    public int consecutiveMisses() {
        return misses;
    }

    @Override
    public boolean hasAnnouncedInterval() {
        return false;
    }

    @Override
    public long announcedIntervalNs() {
        throw new IllegalStateException("announcedIntervalNs: none");
    }

    long nextNs(long nowNs) {
        if (connecting) {
            return connectedNs;
        }
        return awaiting ? verdictNs : Math.max(nowNs, dueNs(nowNs));
    }

    private long dueNs(long nowNs) {
        return sentNs + Math.min(toldNs, askNs(nowNs));
    }

    private long askNs(long nowNs) {
        long intervalNs = strategy.intervalNs(this, originNs + nowNs);
        return intervalNs > 0 ? intervalNs : strategy.shortestNs();
    }

    void turn(long nowNs) {
        if (connecting) {
            if (nowNs >= connectedNs) {
                opened(nowNs);
            }
        } else if (awaiting) {
            if (nowNs >= verdictNs) {
                verdict(nowNs);
            }
        } else if (nowNs >= dueNs(nowNs)) {
            send(nowNs);
        }
    }

    private void opened(long nowNs) {
        connecting = false;
        awaiting = false;
        givenUp = false;
        misses = 0;
        handle++;
        sentNs = nowNs;
        heardNs = nowNs;
        passedNs = nowNs;
        strategy.onOpened(this, originNs + nowNs);
        toldNs = askNs(nowNs);
    }

    private void send(long nowNs) {
        toldNs = askNs(nowNs);
        idleNs = nowNs - Math.max(sentNs, heardNs);
        if (misses == 0) {
            firstUnansweredNs = nowNs;
        }
        sentNs = nowNs;
        ledger.message();
        awaiting = true;
        boolean expired = nowNs - passedNs > path.timeoutNs(nowNs);
        boolean out = path.isOut(nowNs);
        boolean lost = !expired && !out && path.isLost();
        willAnswer = !expired && !out && !lost;
        if (willAnswer || (lost && path.passedOutward())) {
            passedNs = nowNs;
        }
        verdictNs = nowNs + (willAnswer ? Path.ROUND_TRIP_NS : ackTimeoutNs);
    }

    private void verdict(long nowNs) {
        awaiting = false;
        if (willAnswer) {
            misses = 0;
            heardNs = nowNs;
            passedNs = nowNs;
            strategy.onAck(this, idleNs, originNs + nowNs);
            return;
        }
        misses++;
        strategy.onMiss(this, idleNs, originNs + nowNs);
        boolean enough = misses >= missesToDeath && nowNs - firstUnansweredNs >= silenceToDeathNs;
        if (givenUp || enough) {
            long expiredNs = passedNs + path.timeoutNs(nowNs);
            ledger.dropped(nowNs > expiredNs, expiredNs, nowNs);
            strategy.onClosed(this, true, originNs + nowNs);
            reconnect(nowNs);
        } else {
            send(nowNs);
        }
    }

    /** Somebody found out that this connection is gone while others work. */
    void giveUp(long itsHandle) {
        givenUp = givenUp || itsHandle == handle;
    }

    void networkChanged(long nowNs) {
        if (!connecting) {
            strategy.onClosed(this, false, originNs + nowNs);
        }
        reconnect(nowNs);
    }

    private void reconnect(long nowNs) {
        connecting = true;
        connectedNs = path.reconnectedNs(nowNs);
    }
}
