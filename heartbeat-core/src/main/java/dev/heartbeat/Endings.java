package dev.heartbeat;

import dev.heartbeat.wheel.TimerWheel;
import java.util.function.Supplier;

/** How connections end: closed by the host, or dead. Either way exactly once, and the slot is free afterwards. */
final class Endings {
    private final Connections all;
    private final TimerWheel wheel;
    private final Tally tally;
    private final Notices notices;
    private final Parts parts;

    Endings(Connections all, TimerWheel wheel, Tally tally, Notices notices, Parts parts) {
        this.all = all;
        this.wheel = wheel;
        this.tally = tally;
        this.notices = notices;
        this.parts = parts;
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
        DeathCause cause = new DeathCause(kind, silenceNs, all.misses(slot), all.counts.roundTripNs(slot), detail);
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
}
