package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.interval.nat.ProbeOutcome;
import dev.heartbeat.interval.nat.SideProber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The probes of one prober: takes orders from any thread, does everything else in the selector's. */
final class ProbeDesk implements Timed {
    static final long LONG_STALL_NS = 1_000_000_000L;

    private final NioHeartbeats heartbeats;
    private final Supplier<ProbeLine> lines;
    private final int lanes;
    private final int tries;
    private final long retryNs;
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final List<SideProbe> probes = new ArrayList<>();
    private final IdentityHashMap<SideProbe, SideProbe> controls = new IdentityHashMap<>();
    private volatile @Nullable Thread loop;

    /** What is usual: six lanes, eight seconds to answer. */
    static final int DEFAULT_LANES = 6;

    static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(8);

    ProbeDesk(NioHeartbeats heartbeats, Supplier<ProbeLine> lines, int lanes, int tries, Duration patience) {
        this.heartbeats = heartbeats;
        this.lines = lines;
        this.lanes = Require.inRange("lanes", lanes, 1, 64);
        this.tries = tries;
        retryNs = Math.max(1, Require.positiveNs("patience", patience) / tries);
    }

    void open() {
        heartbeats.startTiming(this);
        heartbeats.connections().tellStallsTo(this::stalled);
    }

    int lanes() {
        return lanes;
    }

    int tries() {
        return tries;
    }

    long retryNs() {
        return retryNs;
    }

    long patienceNs() {
        return tries * retryNs;
    }

    long nowNs() {
        return heartbeats.clock().nanoTime();
    }

    ProbeLine newLine() {
        return lines.get();
    }

    // ---- orders

    void start(long probeId, long idleNs, SideProber.Listener listener) {
        requireNonNull(listener, "listener");
        Require.that(idleNs >= 0, "idleNs", idleNs, ">= 0");
        order(() -> begin(probeId, idleNs, listener));
    }

    void cancel(long probeId) {
        if (Thread.currentThread() == loop && orders.isEmpty()) {
            drop(probeId);
        } else {
            order(() -> drop(probeId));
        }
    }

    private void order(Runnable what) {
        orders.add(what);
        heartbeats.selector().wakeup();
    }

    private void begin(long probeId, long idleNs, SideProber.Listener listener) {
        long nowNs = nowNs();
        int busy = 0;
        for (SideProbe probe : probes) {
            busy += probe.isControl() == (idleNs == 0) ? 1 : 0;
        }
        if (busy >= lanes) {
            listener.onOutcome(probeId, ProbeOutcome.REFUSED, 0, nowNs);
            return;
        }
        SideProbe probe = new SideProbe(this, probeId, idleNs, listener);
        probes.add(probe);
        probe.start(nowNs);
    }

    private void drop(long probeId) {
        for (int i = probes.size() - 1; i >= 0; i--) {
            if (probes.get(i).id == probeId) {
                probes.remove(i).dropUntold();
                return;
            }
        }
    }

    // ---- probes

    /** A probe was not heard of: is the server there at all? */
    void control(SideProbe doubted) {
        SideProbe control = new SideProbe(
                this,
                doubted.id,
                0,
                (id, outcome, silenceNs, nowNs) -> doubted.controlEnded(outcome == ProbeOutcome.PROVEN));
        controls.put(doubted, control);
        control.start(nowNs());
    }

    void noControl(SideProbe probe) {
        SideProbe control = controls.remove(probe);
        if (control != null) {
            control.dropUntold();
        }
    }

    void ended(SideProbe probe) {
        probes.remove(probe);
    }

    private void stalled(long stallNs) {
        if (stallNs >= LONG_STALL_NS) {
            long nowNs = nowNs();
            for (int i = 0; i < probes.size(); i++) {
                probes.get(i).stalledUntil(nowNs);
            }
        }
    }

    // ---- time

    @Override
    public long delayNs(long nowNs) {
        loop = Thread.currentThread();
        if (!orders.isEmpty()) {
            return 0;
        }
        long leftNs = Long.MAX_VALUE;
        for (int i = 0; i < probes.size(); i++) {
            SideProbe probe = probes.get(i);
            SideProbe control = controls.get(probe);
            leftNs = Math.min(leftNs, control != null ? control.leftNs(nowNs) : probe.leftNs(nowNs));
        }
        return leftNs;
    }

    @Override
    public void due(long nowNs) {
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
        for (int i = probes.size() - 1; i >= 0; i--) {
            SideProbe probe = i < probes.size() ? probes.get(i) : null;
            if (probe != null) {
                SideProbe control = controls.get(probe);
                SideProbe waiting = control != null ? control : probe;
                if (waiting.leftNs(nowNs) == 0) {
                    waiting.due(nowNs);
                }
            }
        }
    }
}
