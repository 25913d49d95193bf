package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.interval.Phase;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One connection between its threads and its shard.
 *
 * <p>Three ways lead to the shard. <em>Marks</em> are stores that it finds when the connection's timer comes due; only
 * while {@link #watch} says that someone looks closer do they call for it. <em>Wishes</em> are bits in {@link #wanted},
 * with a field each that holds the last word, and bring the connection into the {@link Mailbox}: they cannot be lost.
 * <em>Events</em>, of which each counts, go through the {@link CommandRing}: they can, when it is full.
 *
 * <p>The field is stored before its bit is set, and read after the bit was taken: both with a full fence, so a word is
 * either read with this bit or announced by another. Death and close meet in {@link #wanted} too: whoever sets its bit
 * first has won.
 */
final class Watched implements WatchedConnection, HeartbeatTransport {
    /** Bits of {@link #wanted}. The first three stay. */
    static final int QUEUED = 1;

    static final int CLOSED = 1 << 1;
    static final int DEAD = 1 << 2;
    static final int STAY = QUEUED | CLOSED | DEAD;
    static final int OPEN = 1 << 3;
    static final int LOST = 1 << 4;
    static final int POLICY = 1 << 5;
    static final int ANNOUNCED = 1 << 6;
    static final int PROBE_LEFT = 1 << 7;
    static final int PROBE_NOW = 1 << 8;
    static final int NETWORK = 1 << 9;
    static final int FOREGROUND = 1 << 10;
    static final int BACKGROUND = 1 << 11;
    static final int MARK = 1 << 12;

    /** Kinds of events. */
    static final int ACK = 0;

    static final int PING = 1;
    static final int MALFORMED = 2;

    /** What {@link #watch} says: an inbound mark is only a store; it calls for the shard; it comes too late. */
    private static final int CALM = 0;

    private static final int CLOSER = 1;
    private static final int SUSPECT = 2;
    private static final int DYING = 3;
    private static final int ENDED = 4;

    private static final int UNIT_SHIFT = 11;

    private static final AtomicLongFieldUpdater<Watched> RECEIVED =
            AtomicLongFieldUpdater.newUpdater(Watched.class, "receivedNs");
    private static final AtomicLongFieldUpdater<Watched> SENT =
            AtomicLongFieldUpdater.newUpdater(Watched.class, "sentNs");
    private static final AtomicIntegerFieldUpdater<Watched> WANTED =
            AtomicIntegerFieldUpdater.newUpdater(Watched.class, "wanted");

    private final long handle;
    private final Shard shard;
    private final HeartbeatTransport transport;

    private volatile long receivedNs;
    private volatile long sentNs;
    private volatile int watch = CALM;
    private volatile int wanted;

    private volatile HeartbeatPolicy policy;
    private volatile @Nullable Loss loss;
    private volatile long announcedNs;

    /** When a probe left, in units of 2 048 ns since the shard began, and its id in the last 16 bits. */
    private volatile long probeLeft;

    /** The next in the mailbox. */
    @Nullable
    Watched next;

    /** The shard's own; 0 while it has none. */
    long monitorHandle;

    /** How a connection was lost. */
    record Loss(DeathCause.Kind kind, String detail) {}

    Watched(long handle, Shard shard, HeartbeatTransport transport, HeartbeatPolicy policy, long nowNs) {
        this.handle = handle;
        this.shard = shard;
        this.transport = transport;
        this.policy = policy;
        RECEIVED.lazySet(this, nowNs);
        SENT.lazySet(this, nowNs);
    }

    // ---- from any thread

    @Override
    public long handle() {
        return handle;
    }

    @Override
    public void received() {
        received(shard.nanoTime());
    }

    @Override
    public void received(long nowNs) {
        RECEIVED.lazySet(this, nowNs);
        if (watch != CALM) {
            receivedNs = nowNs; // once more, with a full fence
            want(MARK, 0);
        }
    }

    @Override
    public void sent() {
        sent(shard.nanoTime());
    }

    @Override
    public void sent(long nowNs) {
        SENT.lazySet(this, nowNs);
    }

    @Override
    public void probeSent(int probeId) {
        long nowNs = shard.nanoTime();
        sent(nowNs);
        if (probeId >> 16 == 0) {
            long units = (nowNs - shard.originNs() + (1L << UNIT_SHIFT) - 1) >> UNIT_SHIFT;
            probeLeft = units << 16 | probeId;
            want(PROBE_LEFT, 0);
        }
    }

    @Override
    public void acked(int probeId) {
        event(ACK, probeId);
    }

    @Override
    public void pinged() {
        event(PING, -1);
    }

    @Override
    public void pinged(long sequence) {
        event(PING, sequence);
    }

    @Override
    public void malformed() {
        event(MALFORMED, 0);
    }

    private void event(int kind, long argument) {
        long nowNs = shard.nanoTime();
        if (watch < DYING && (wanted & CLOSED) == 0 && !shard.tell(kind, this, argument, nowNs) && kind != MALFORMED) {
            received(nowNs);
        }
    }

    @Override
    public void announced(long intervalNs) {
        announcedNs = intervalNs;
        want(ANNOUNCED, 0);
    }

    @Override
    public void probeNow() {
        want(PROBE_NOW, 0);
    }

    @Override
    public void phase(Phase phase) {
        if (requireNonNull(phase, "phase") == Phase.BACKGROUND) {
            want(BACKGROUND, FOREGROUND);
        } else {
            want(FOREGROUND, BACKGROUND);
        }
    }

    @Override
    public void networkChanged() {
        want(NETWORK, 0);
    }

    @Override
    public void policy(HeartbeatPolicy another) {
        Rules.of(another);
        policy = another;
        want(POLICY, 0);
    }

    @Override
    public void lost(DeathCause.Kind kind, String detail) {
        loss = new Loss(requireNonNull(kind, "kind"), requireNonNull(detail, "detail"));
        want(LOST, 0);
    }

    @Override
    public Liveness liveness() {
        if ((wanted & CLOSED) != 0 || shard.isStopping()) {
            return Liveness.CLOSED;
        }
        return switch (watch) {
            case CALM, CLOSER -> Liveness.ALIVE;
            case SUSPECT -> Liveness.SUSPECT;
            case DYING -> Liveness.DEAD;
            default -> Liveness.CLOSED;
        };
    }

    @Override
    public void close() {
        want(CLOSED, 0);
    }

    @Override
    public String toString() {
        return "WatchedConnection " + handle + " " + liveness();
    }

    /** To be called after what is wanted has been stored with a full fence. */
    void want(int bits, int noLonger) {
        int old;
        int all;
        do {
            old = wanted;
            all = (old & ~noLonger) | bits | QUEUED;
            if ((old & (CLOSED | DEAD)) != 0 || all == old) {
                return;
            }
        } while (!WANTED.compareAndSet(this, old, all));
        if ((old & QUEUED) == 0) {
            shard.post(this);
        }
    }

    // ---- from the shard's thread

    /** Whether something is wanted that has not been seen to. */
    boolean isWaiting() {
        return (wanted & ~STAY) != 0;
    }

    boolean isClosed() {
        return (wanted & CLOSED) != 0;
    }

    /** Takes the wishes; out of the mailbox, or from amid it. A full fence. */
    int take(boolean outOfMailbox) {
        int kept = outOfMailbox ? STAY & ~QUEUED : STAY;
        int old;
        do {
            old = wanted;
        } while (!WANTED.compareAndSet(this, old, old & kept));
        return old;
    }

    /** Whether someone may be told of this connection. */
    boolean isTold() {
        return (wanted & CLOSED) == 0 && !shard.isStopping();
    }

    /** Makes the liveness known; death, unless the connection was closed before. */
    void show(Liveness liveness, boolean closer) {
        int shown = switch (liveness) {
            case ALIVE -> closer ? CLOSER : CALM;
            case SUSPECT -> closer ? SUSPECT : CALM; // about to recover
            case DEAD, CLOSED -> DYING;
        };
        if (watch != shown) {
            watch = shown;
        }
        if (shown == DYING) {
            int old;
            do {
                old = wanted;
            } while ((old & CLOSED) == 0 && !WANTED.compareAndSet(this, old, old | DEAD));
        }
    }

    /** For tests: an inbound mark whose thread did not see that someone looks closer. */
    void slipIn(long nowNs) {
        receivedNs = nowNs;
    }

    boolean isCalm() {
        return watch == CALM;
    }

    boolean isEnded() {
        return watch == ENDED;
    }

    void end() {
        watch = ENDED;
        monitorHandle = 0;
    }

    /**
     * The last inbound mark, as seen by a step that began at {@code hostNs}. One in the future is put back, so that it is
     * not found again later.
     */
    long receivedNs(long hostNs) {
        return notAhead(RECEIVED, receivedNs, hostNs);
    }

    long sentNs(long hostNs) {
        return notAhead(SENT, sentNs, hostNs);
    }

    private long notAhead(AtomicLongFieldUpdater<Watched> mark, long markNs, long hostNs) {
        if (markNs - hostNs <= 0) {
            return markNs;
        }
        long latestNs = shard.notAhead(markNs, hostNs);
        if (latestNs != markNs) {
            mark.compareAndSet(this, markNs, latestNs);
        }
        return hostNs;
    }

    HeartbeatPolicy policy() {
        return policy;
    }

    Loss loss() {
        return requireNonNull(loss);
    }

    long announcedNs() {
        return announcedNs;
    }

    int probeLeftId() {
        return (int) probeLeft & 0xFFFF;
    }

    long probeLeftNs(long originNs) {
        return originNs + (probeLeft >> 16 << UNIT_SHIFT);
    }

    @Override
    public void sendProbe(long monitors, int probeId) {
        if (isTold()) {
            transport.sendProbe(handle, probeId);
        }
    }

    @Override
    public void close(long monitors, DeathCause cause) {
        if (isTold()) {
            transport.close(handle, cause);
        }
    }
}
