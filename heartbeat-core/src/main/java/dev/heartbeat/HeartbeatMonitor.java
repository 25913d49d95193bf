package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import dev.heartbeat.interval.Phase;
import dev.heartbeat.wheel.TimerWheel;

/**
 * Keeps any number of connections alive and finds the dead ones, on the thread of a loop that the host already has.
 *
 * <p>It reads no clock, starts no thread and does no I/O. The host passes the time in; the monitor answers by calling
 * {@link HeartbeatTransport} and {@link HeartbeatListener}. One turn of the host's loop:
 *
 * <pre>{@code
 * selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(monitor.delayUntilNextNs(clock.nanoTime()))));
 * long nowNs = clock.nanoTime();
 * // read what waits: monitor.received(handle, nowNs) at each read, monitor.sent(handle, nowNs) at each write
 * monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT);
 * }</pre>
 *
 * <p>Hear first, then poll: after a stall of our own, the input that waited saves those who sent it.
 *
 * <p>A connection is known by its handle, a number that comes again only when its place has been taken 2<sup>31</sup>
 * times: one that is nobody's any more does no harm, it is counted and ignored. {@link #heartbeat} puts an object around it.
 *
 * <p>A mark of activity costs a store: no lock, no allocation, no clock read. A timer that comes due looks at the marks.
 *
 * <p><b>Threading:</b> confined to one thread, the first that calls {@link #poll}; until then it may be set up by
 * another. With {@code -ea} a call from a wrong thread fails an assertion.
 */
public final class HeartbeatMonitor {
    /** How much work {@link #poll} is well given in one turn: less than a millisecond's worth. */
    public static final int DEFAULT_LIMIT = 4096;

    final Connections all;
    final TimerWheel wheel;
    final StallGuard stalls;
    final Tally tally = new Tally();
    final Engine engine;
    final Notices notices;
    private final Confinement thread = new Confinement();
    private boolean polling;

    HeartbeatMonitor(MonitorBuilder from, HeartbeatListener listener, long nowNs) {
        all = new Connections(from.capacity, from.initialCapacity, nowNs, from.counting);
        wheel = TimerWheel.builder()
                .tick(from.tick)
                .capacity(from.capacity)
                .initialCapacity(from.initialCapacity)
                .startNs(nowNs)
                .build();
        stalls = new StallGuard(Checks.saturatedNs("stallTolerance", from.stallTolerance), nowNs);
        notices = new Notices(listener, tally);
        engine = new Engine(all, wheel, stalls, tally, notices, from.seed);
    }

    /**
     * Builds a monitor.
     *
     * @return a new builder
     */
    public static MonitorBuilder builder() {
        return new MonitorBuilder();
    }

    /**
     * Begins to watch a connection. Opening counts as evidence.
     *
     * @param transport acts for the monitor; may be shared
     * @param policy may be shared
     * @param nowNs the present instant of the host's clock
     * @return the connection's handle, greater than 0
     * @throws IllegalArgumentException if the policy contradicts itself
     * @throws IllegalStateException if the capacity is reached; nothing else is affected
     */
    public long open(HeartbeatTransport transport, HeartbeatPolicy policy, long nowNs) {
        assert thread.isMine() : thread.complaint();
        requireNonNull(transport, "transport");
        return engine.open(transport, all.rulesOf(policy), stalls.at(nowNs));
    }

    /**
     * Bytes have arrived: evidence of life. To be called where they are read, before anything is decoded.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param nowNs the present instant; may be read once per turn
     */
    public void received(long handle, long nowNs) {
        assert thread.isMine() : thread.complaint();
        if (!all.markReceived(handle, stalls.at(nowNs))) {
            int slot = openSlot(handle);
            if (slot >= 0) {
                engine.evidence().heard(slot, stalls.at(nowNs));
            }
        }
    }

    /**
     * Bytes have really left: written to the socket, not queued. No sign of the peer's life.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param nowNs the present instant; may be read once per turn
     */
    public void sent(long handle, long nowNs) {
        assert thread.isMine() : thread.complaint();
        if (!all.markSent(handle, stalls.at(nowNs))) {
            tally.staleCalls++;
        }
    }

    /**
     * The probe has left: its time to be answered runs from now. Counts as {@link #sent} too.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param probeId as passed to {@link HeartbeatTransport#sendProbe}; one that a more urgent probe replaced is ignored
     * @param nowNs the present instant
     */
    public void probeSent(long handle, int probeId, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.evidence().probeSent(slot, probeId, stalls.at(nowNs));
        }
    }

    /**
     * An ack arrived. One that belongs to no probe is counted, told as {@link Refusal#UNKNOWN_ACK}, and is no evidence.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param probeId what the ack carries; any number
     * @param nowNs the present instant
     */
    public void acked(long handle, int probeId, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.evidence().acked(slot, probeId, stalls.at(nowNs));
        }
    }

    /**
     * A ping or a beat of the peer arrived. Answering it is the host's business.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param nowNs the present instant
     */
    public void pinged(long handle, long nowNs) {
        pinged(handle, -1, nowNs);
    }

    /**
     * A numbered ping or beat of the peer arrived, for detectors that learn from gaps.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param sequence the peer's count; less than 0 for none
     * @param nowNs the present instant
     */
    public void pinged(long handle, long sequence, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.evidence().pinged(slot, sequence, stalls.at(nowNs));
        }
    }

    /**
     * The peer announced the interval of its own probes. What is outside of the policy's limits is clamped to them and
     * told as {@link Refusal#INTERVAL_OUT_OF_LIMITS}.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param intervalNs any number: it comes from the network
     * @param nowNs the present instant
     */
    public void announced(long handle, long intervalNs, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.evidence().announced(slot, intervalNs, stalls.at(nowNs));
        }
    }

    /**
     * The host refused something that the peer sent: bytes that claim to be a heartbeat and are none, for instance. It is
     * counted and told; whether the connection can go on is for the host to say.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param refusal what
     */
    public void refused(long handle, Refusal refusal) {
        assert thread.isMine() : thread.complaint();
        if (openSlot(handle) >= 0) {
            notices.refused(handle, requireNonNull(refusal, "refusal"));
        }
    }

    /**
     * Sends a probe at once, unless one is on its way.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param nowNs the present instant
     */
    public void probeNow(long handle, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.probeNow(slot, false, stalls.at(nowNs));
        }
    }

    /**
     * The application came to the foreground, or left it. Coming to the foreground probes at once, with the short
     * {@linkplain HeartbeatPolicy#urgentAckTimeout() urgent ack timeout}; a probe on its way is given up for it.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param phase the new phase; the one that holds already changes nothing
     * @param nowNs the present instant
     */
    public void phase(long handle, Phase phase, long nowNs) {
        assert thread.isMine() : thread.complaint();
        boolean background = requireNonNull(phase, "phase") == Phase.BACKGROUND;
        int slot = openSlot(handle);
        if (slot >= 0 && all.has(slot, Connections.BACKGROUND) != background) {
            all.set(slot, Connections.BACKGROUND, background);
            engine.phaseChanged(slot, background, stalls.at(nowNs));
        }
    }

    /**
     * The device moved to another network, or may have: the strategy is told, and a probe sent at once, with the short
     * {@linkplain HeartbeatPolicy#urgentAckTimeout() urgent ack timeout}; a probe on its way is given up for it.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param nowNs the present instant
     */
    public void networkChanged(long handle, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.networkChanged(slot, stalls.at(nowNs));
        }
    }

    /**
     * Gives a connection another policy. Its detector starts afresh; a probe on its way stays on its way. What one of the
     * policy's parts throws when it is told is thrown here; the new policy holds all the same.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param policy the new one
     * @param nowNs the present instant
     * @throws IllegalArgumentException if the policy contradicts itself; the old one stays
     */
    public void policy(long handle, HeartbeatPolicy policy, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int rules = all.rulesOf(policy);
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.policy(slot, rules, stalls.at(nowNs));
        }
    }

    /**
     * Stops watching a connection that the host closes in order. Nothing more is sent or told.
     *
     * @param handle the connection; a stale one is counted and ignored
     */
    public void close(long handle) {
        assert thread.isMine() : thread.complaint();
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.endings().close(slot, stalls.lastTurnNs());
        }
    }

    /**
     * The connection was lost: the peer closed it, the transport failed, or the peer has to be thrown out. It is dead:
     * the transport is told to close, the listener is told the cause.
     *
     * @param handle the connection; a stale one is counted and ignored
     * @param kind what was seen
     * @param detail one line for a log, may be empty
     * @param nowNs the present instant
     */
    public void lost(long handle, DeathCause.Kind kind, String detail, long nowNs) {
        assert thread.isMine() : thread.complaint();
        requireNonNull(kind, "kind");
        requireNonNull(detail, "detail");
        int slot = openSlot(handle);
        if (slot >= 0) {
            engine.endings().die(slot, kind, () -> detail, stalls.at(nowNs));
        }
    }

    /**
     * Does what is due. To be called once per turn, after waiting input was read.
     *
     * @param nowNs the present instant
     * @param limit how many timers to look at, at most; greater than 0. The rest is due in the next turn
     * @return how many it was
     * @throws IllegalStateException if called from within itself, by a listener, a transport or a policy
     */
    public int poll(long nowNs, int limit) {
        thread.bind();
        assert thread.isMine() : thread.complaint();
        if (limit <= 0) { // told apart here, so that nothing is boxed in each turn
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
        }
        if (polling) {
            throw new IllegalStateException("poll: called from within poll (expected: from the host's loop)");
        }
        polling = true;
        try {
            return engine.turn(nowNs, limit);
        } finally {
            polling = false;
        }
    }

    /**
     * How long the host may wait before it should poll again. Now and then there is nothing to do after all.
     *
     * @param nowNs the present instant
     * @return a length in nanoseconds, at least 0; {@link Long#MAX_VALUE} if nothing is watched
     */
    public long delayUntilNextNs(long nowNs) {
        assert thread.isMine() : thread.complaint();
        return wheel.delayUntilNextNs(stalls.at(nowNs));
    }

    /**
     * What is known of a connection.
     *
     * @param handle any
     * @return {@link Liveness#CLOSED} for a handle that is nobody's
     */
    public Liveness liveness(long handle) {
        assert thread.isMine() : thread.complaint();
        int slot = all.slot(handle);
        return slot < 0 ? Liveness.CLOSED : all.liveness(slot);
    }

    /**
     * The interval that a ping should announce now: how long until the next one at the latest.
     *
     * @param handle the connection
     * @param nowNs the present instant
     * @return a length, greater than 0; 0 if the handle is nobody's or the policy only listens
     */
    public long intervalNs(long handle, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = all.slot(handle);
        if (slot < 0 || !all.rules(slot).probes()) {
            return 0;
        }
        return engine.intervals().inForceNs(slot, all.rules(slot), stalls.at(nowNs));
    }

    /**
     * An object around a handle, for people's own code.
     *
     * @param handle any
     * @return a small object; equal handles give equal objects
     */
    public Heartbeat heartbeat(long handle) {
        return new Heartbeat(this, handle);
    }

    /**
     * What was counted for one connection.
     *
     * @param handle an open connection
     * @param nowNs the present instant
     * @return a snapshot
     * @throws IllegalArgumentException if the handle is nobody's
     */
    public ConnectionStatistics statistics(long handle, long nowNs) {
        assert thread.isMine() : thread.complaint();
        int slot = all.slot(handle);
        Checks.require(slot >= 0, "handle", handle, "an open connection");
        return ConnectionStatistics.of(all, engine, slot, stalls.at(nowNs));
    }

    /**
     * What was counted since the monitor was built.
     *
     * @return a snapshot
     */
    public MonitorStatistics statistics() {
        assert thread.isMine() : thread.complaint();
        return MonitorStatistics.of(tally, all, wheel, stalls);
    }

    private int openSlot(long handle) {
        int slot = all.slot(handle);
        if (slot < 0 || all.liveness(slot) == Liveness.DEAD) {
            tally.staleCalls++;
            return -1;
        }
        return slot;
    }
}
