package dev.heartbeat.interval.nat;

import dev.heartbeat.internal.Checks;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Learns from the user's own connection: slow to rise, quick to fall. See {@link SmartInterval#inBand}. */
final class InBandInterval implements IntervalStrategy {
    private static final int ANSWERS_PER_STEP = 3;
    private static final double STEP = 1.25;
    private static final long REST_NS = Duration.ofHours(24).toNanos();

    /** How many times in a row an interval has to lose its connection before it counts as too long. */
    private static final int LOSSES = 2;

    private final long minNs;
    private final long maxNs;
    private long answeredNs;
    private long currentNs;
    private int answers;
    private int losses;
    private boolean resting;
    private long restedAtNs;
    private final Map<Long, Long> firstMisses = new HashMap<>();

    InBandInterval(Duration min, Duration max) {
        this.minNs = Checks.positiveNs("min", min);
        this.maxNs = Checks.positiveNs("max", max);
        Checks.require(maxNs >= minNs, "max", max, ">= min " + min);
        this.currentNs = minNs;
        this.answeredNs = minNs;
    }

    @Override
    public synchronized long intervalNs(Link link, long nowNs) {
        return currentNs;
    }

    @Override
    public long shortestNs() {
        return minNs;
    }

    @Override
    public synchronized void onAck(Link link, long idleNs, long nowNs) {
        boolean retried = firstMisses.remove(link.handle()) != null;
        if (resting && nowNs - restedAtNs >= 0) {
            resting = false;
        }
        // Only an answer after the full silence, to the first try, says anything about that silence.
        if (retried || idleNs < currentNs - currentNs / 10) {
            return;
        }
        losses = 0;
        answeredNs = currentNs;
        if (!resting && ++answers >= ANSWERS_PER_STEP) {
            answers = 0;
            currentNs = Math.min(maxNs, (long) (currentNs * STEP));
        }
    }

    @Override
    public synchronized void onMiss(Link link, long idleNs, long nowNs) {
        firstMisses.putIfAbsent(link.handle(), idleNs);
        answers = 0;
    }

    @Override
    public synchronized void onNetworkChanged(long nowNs) {
        currentNs = minNs;
        answeredNs = minNs;
        answers = 0;
        losses = 0;
        resting = false;
        firstMisses.clear();
    }

    @Override
    public synchronized void onClosed(Link link, boolean peerLost, long nowNs) {
        Long missedAtNs = firstMisses.remove(link.handle());
        if (!peerLost || missedAtNs == null) {
            return;
        }
        answers = 0;
        resting = true;
        restedAtNs = nowNs + REST_NS;
        if (currentNs > answeredNs) {
            currentNs = answeredNs;
        } else if (++losses >= LOSSES) {
            losses = 0;
            currentNs = minNs;
            answeredNs = minNs;
            resting = false;
        }
    }

    @Override
    public String toString() {
        return "inBand(" + Duration.ofNanos(minNs) + ".." + Duration.ofNanos(maxNs) + ")";
    }
}
