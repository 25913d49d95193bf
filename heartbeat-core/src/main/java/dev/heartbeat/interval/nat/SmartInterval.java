package dev.heartbeat.interval.nat;

import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;
import dev.heartbeat.interval.WakeUpAlarm;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The longest interval that the path's memory allows, found on the side: the user's connection is only ever left
 * silent for a time that a sacrificial connection has proven, less a slack for retries.
 *
 * <p>One instance per device and server. It starts at a safe interval, has a {@link SideProber} search
 * ({@link NatTimeoutEstimator}), rises with every proof, and remembers the result per network. When the connection is
 * lost in spite of a proof, it returns to the safe interval at once and tries the old one again on the side. Retries
 * follow each other at the policy's ack timeout: keep that short ({@link SmartIntervalBuilder#retryEvery}), and the failure detector
 * patient, since this class looks with a fresh connection whether the path works at all and says when the connection
 * is lost for good ({@link SmartIntervalBuilder#onPathLost}).
 *
 * <p>With {@link SmartIntervalBuilder#inForeground} it answers a short interval while somebody is looking.
 *
 * <p><b>Threading:</b> safe for several threads. Calls its prober, store, alarm and consumer under a lock of its own;
 * none of them may block. The store is called when something was learned, and when the network changes.
 */
public final class SmartInterval implements IntervalStrategy {
    /** Unanswered tries in a row before a fresh connection is tried. */
    private static final int CONTROL_AFTER = 3;

    private final Bounds bounds;
    private final SideProber prober;
    private final int lanes;
    private final long retryEveryNs;
    private final boolean hasForeground;
    private final long foregroundNs;
    private final double earliness;
    private final long alignNs;
    private final PathMemory memory;
    private final @Nullable WakeUpAlarm alarm;
    private final LongConsumer onPathLost;

    private final SideProber.Listener listener = this::onOutcome;
    private final Map<Long, MainLine> lines = new HashMap<>();
    private final long[] probeIds;
    private long lastProbeId;
    private boolean pumping;

    private NatTimeoutEstimator estimator;
    private RetryBudget budget;

    SmartInterval(SmartIntervalBuilder from, Bounds bounds, SideProber prober) {
        this.bounds = bounds;
        this.prober = prober;
        this.lanes = Math.max(1, Math.min(from.lanes, prober.lanes()));
        this.retryEveryNs = from.retryEveryNs;
        this.hasForeground = from.hasForeground;
        this.foregroundNs = from.foregroundNs;
        this.earliness = from.earliness;
        this.alignNs = from.alignNs;
        this.memory = new PathMemory(
                from.store, from.wallClock, prober, from.network != null ? from.network : prober::network);
        this.alarm = from.alarm;
        this.onPathLost = from.onPathLost;
        this.probeIds = new long[lanes];
        this.estimator = NatTimeoutEstimator.create(bounds, lanes);
        this.budget = new RetryBudget(retryEveryNs);
        memory.recall(estimator, budget);
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static SmartIntervalBuilder builder() {
        return new SmartIntervalBuilder();
    }

    /**
     * A strategy for foreign protocols, whose servers cannot be asked to speak: it learns from the answers to the
     * user's own heartbeats. From the minimum it rises by a quarter after every three answers; when a connection is
     * lost it returns to the last interval that was answered and stays there for a day, and to the minimum when that
     * is lost twice.
     *
     * <p><b>What it cannot see:</b> many NATs, Linux' default among them, make a new mapping when the <em>client</em>
     * speaks first after the old one has expired. The heartbeat is answered then, although everything that the server
     * pushed since the expiry was lost. This strategy takes such an answer for proof and climbs past the timeout; the
     * only defence is {@code max}. Choose it below the timeouts that are usual: 4 minutes over TCP, 25 seconds over
     * UDP. It also pays for what it learns with the user's connections, at least one per network.
     *
     * @param min where it starts, greater than 0
     * @param max which it never exceeds, at least {@code min}
     * @return the strategy, for the connections of one device
     * @throws IllegalArgumentException if one is out of its range
     */
    public static IntervalStrategy inBand(Duration min, Duration max) {
        return new InBandInterval(min, max);
    }

    // ---- asked and told by the monitor

    @Override
    public synchronized long intervalNs(Link link, long nowNs) {
        pump(nowNs);
        MainLine line = line(link);
        long intervalNs = operatingNs();
        if (hasForeground && link.phase() == Phase.FOREGROUND) {
            intervalNs = Math.min(foregroundNs, intervalNs);
        } else if (line.aligned) {
            intervalNs = Math.min(line.alignedNs, intervalNs);
        }
        line.plannedNs = intervalNs;
        return intervalNs;
    }

    @Override
    public long shortestNs() {
        return hasForeground ? Math.min(foregroundNs, bounds.minNs()) : bounds.minNs();
    }

    @Override
    public synchronized void onOpened(Link link, long nowNs) {
        line(link);
        pump(nowNs);
        silenceBegins(link, nowNs);
    }

    @Override
    public synchronized void onAck(Link link, long idleNs, long nowNs) {
        MainLine line = line(link);
        line.arrived();
        if (line.isMissing()) {
            budget.recovered(line.sinceFirstMissNs(nowNs) + budget.retryEveryNs());
            endControl(line);
            line.answered();
        } else {
            budget.beat(true);
            if (line.plannedNs > 0 && idleNs - line.plannedNs > 0) {
                budget.late(idleNs - line.plannedNs);
            }
        }
        pump(nowNs);
        silenceBegins(link, nowNs);
    }

    @Override
    public synchronized void onMiss(Link link, long idleNs, long nowNs) {
        MainLine line = line(link);
        if (line.isMissing() && link.consecutiveMisses() == 1) {
            // Something other than an ack has shown life since: what the row before led to holds no longer.
            endControl(line);
            line.answered();
        }
        long distanceNs = line.missed(nowNs);
        if (distanceNs < 0) {
            budget.beat(false);
        } else if (distanceNs > 0) {
            budget.retried(Math.min(distanceNs, 8 * retryEveryNs));
        }
        if (line.isJudged()) {
            return;
        }
        if (line.hasControlWorked()) {
            if (nowNs - line.controlWorkedNs() - budget.retryEveryNs() >= 0) {
                pathLost(line, nowNs);
            }
        } else if (link.consecutiveMisses() >= CONTROL_AFTER && !line.isControlUnderWay()) {
            long id = ++lastProbeId;
            line.controlStarted(id);
            start(id, 0, nowNs);
        }
    }

    @Override
    public synchronized void onClosed(Link link, boolean peerLost, long nowNs) {
        MainLine line = lines.remove(link.handle());
        if (line == null) {
            return;
        }
        endControl(line);
        boolean wasLong = 2 * line.plannedNs >= operatingNs();
        if (peerLost && wasLong && !line.isJudged() && line.isEvidence()) {
            estimator.onMainLost(nowNs);
        }
        pump(nowNs);
    }

    @Override
    public synchronized void onNetworkChanged(long nowNs) {
        try {
            memory.save(estimator, budget);
        } finally {
            moved(nowNs);
        }
    }

    // ---- for hosts and curious people

    /**
     * Starts probes that have become due. The strategy does so by itself whenever the monitor asks it something; a
     * host may call it sooner.
     *
     * @param nowNs the present instant
     */
    public synchronized void poll(long nowNs) {
        pump(nowNs);
    }

    /**
     * How long {@link #poll} has nothing to do, unless something happens.
     *
     * @param nowNs the present instant
     * @return a length in nanoseconds, 0 or more; {@link Long#MAX_VALUE} if only an event can change that
     */
    public synchronized long delayUntilNextNs(long nowNs) {
        return estimator.delayUntilNextNs(nowNs);
    }

    /**
     * The estimate: the longest idle time that is proven here.
     *
     * @return greater than 0; the safe start before anything is proven
     */
    public synchronized Duration estimate() {
        return Duration.ofNanos(estimator.estimateNs());
    }

    /**
     * The interval operated at in the background: the estimate less the slack.
     *
     * @return within the bounds
     */
    public synchronized Duration operatingInterval() {
        return Duration.ofNanos(operatingNs());
    }

    /**
     * The slack kept below the estimate, as learned so far.
     *
     * @return 0 or more
     */
    public synchronized Duration slack() {
        return Duration.ofNanos(budget.slackNs(estimator.estimateNs()));
    }

    /**
     * How far the search is.
     *
     * @return the state
     */
    public synchronized SearchState state() {
        return estimator.state();
    }

    /**
     * How many probes were started on the present network.
     *
     * @return 0 or more
     */
    public synchronized long probes() {
        return estimator.probes();
    }

    // ---- inside

    private MainLine line(Link link) {
        MainLine line = lines.get(link.handle());
        if (line == null) {
            line = new MainLine(link.handle());
            lines.put(link.handle(), line);
        }
        return line;
    }

    private long operatingNs() {
        return estimator.intervalNs(budget.slackNs(estimator.estimateNs()));
    }

    /** Chooses where in its window the next heartbeat is to leave, and asks for a wake-up then. */
    private void silenceBegins(Link link, long nowNs) {
        MainLine line = line(link);
        line.aligned = false;
        long latestNs = operatingNs();
        if (hasForeground && link.phase() == Phase.FOREGROUND) {
            latestNs = Math.min(latestNs, foregroundNs);
        }
        long earliestNs = Math.max(Math.min(latestNs, bounds.minNs()), latestNs - (long) (earliness * latestNs));
        if (alignNs > 0) {
            long dueNs = nowNs + latestNs;
            long alignedNs = latestNs - Math.floorMod(dueNs, alignNs);
            if (alignedNs >= earliestNs) {
                line.aligned = true;
                line.alignedNs = alignedNs;
                latestNs = alignedNs;
                earliestNs = alignedNs;
            }
        }
        if (alarm != null) {
            alarm.wakeWithin(earliestNs, latestNs);
        }
    }

    private void moved(long nowNs) {
        for (int lane = 0; lane < lanes; lane++) {
            if (probeIds[lane] != 0) {
                prober.cancel(probeIds[lane]);
                probeIds[lane] = 0;
            }
        }
        for (MainLine line : lines.values()) {
            endControl(line);
            line.answered();
            line.moved();
        }
        // Before anyone else's code is asked again, which may throw: lanes without probes would wait for ever.
        estimator = NatTimeoutEstimator.create(bounds, lanes);
        budget = new RetryBudget(retryEveryNs);
        memory.moved();
        memory.recall(estimator, budget);
        pump(nowNs);
    }

    private void pathLost(MainLine line, long nowNs) {
        line.judged();
        budget.recovered(line.sinceFirstMissNs(line.controlWorkedNs()) + budget.retryEveryNs());
        if (line.isEvidence()) {
            estimator.onMainLost(nowNs);
        }
        pump(nowNs);
        onPathLost.accept(line.handle);
    }

    private void endControl(MainLine line) {
        if (line.isControlUnderWay()) {
            prober.cancel(line.controlId());
        }
    }

    private void pump(long nowNs) {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            int lane;
            do {
                cancelAbandoned();
                lane = estimator.nextProbe(nowNs);
                if (lane >= 0) {
                    probeIds[lane] = ++lastProbeId;
                    start(probeIds[lane], estimator.probeIdleNs(lane), nowNs);
                }
            } while (lane >= 0 || estimator.nextAbandoned() >= 0);
            memory.saveIfNew(estimator, budget, nowNs);
        } finally {
            pumping = false;
        }
    }

    private void cancelAbandoned() {
        int lane = estimator.nextAbandoned();
        while (lane >= 0) {
            prober.cancel(probeIds[lane]);
            probeIds[lane] = 0;
            estimator.cancelled(lane);
            lane = estimator.nextAbandoned();
        }
    }

    private void start(long id, long idleNs, long nowNs) {
        try {
            prober.start(id, idleNs, listener, nowNs);
        } catch (RuntimeException e) {
            onOutcome(id, ProbeOutcome.UNREACHABLE, 0, nowNs);
        }
    }

    private synchronized void onOutcome(long id, ProbeOutcome outcome, long silenceNs, long nowNs) {
        for (MainLine line : lines.values()) {
            if (line.isControl(id)) {
                line.controlEnded(outcome == ProbeOutcome.PROVEN, nowNs);
                return;
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            if (probeIds[lane] == id) {
                probeIds[lane] = 0;
                estimator.onOutcome(lane, outcome, silenceNs, nowNs);
                pump(nowNs);
                return;
            }
        }
    }

    @Override
    public synchronized String toString() {
        return "smart(" + memory + ", " + estimator + ", interval " + operatingInterval() + ")";
    }
}
