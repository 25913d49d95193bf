package dev.heartbeat.interval;

import static java.util.Objects.requireNonNull;

/** Short while someone is looking, long while nobody is. */
final class PhasedInterval implements IntervalStrategy {
    private final IntervalStrategy foreground;
    private final IntervalStrategy background;

    PhasedInterval(IntervalStrategy foreground, IntervalStrategy background) {
        this.foreground = requireNonNull(foreground, "foreground");
        this.background = requireNonNull(background, "background");
    }

    private IntervalStrategy current(Link link) {
        return link.phase() == Phase.FOREGROUND ? foreground : background;
    }

    @Override
    public long intervalNs(Link link, long nowNs) {
        return current(link).intervalNs(link, nowNs);
    }

    @Override
    public long shortestNs() {
        return Math.min(foreground.shortestNs(), background.shortestNs());
    }

    @Override
    public void onOpened(Link link, long nowNs) {
        foreground.onOpened(link, nowNs);
        background.onOpened(link, nowNs);
    }

    @Override
    public void onAck(Link link, long idleNs, long nowNs) {
        current(link).onAck(link, idleNs, nowNs);
    }

    @Override
    public void onMiss(Link link, long idleNs, long nowNs) {
        current(link).onMiss(link, idleNs, nowNs);
    }

    @Override
    public void onNetworkChanged(long nowNs) {
        foreground.onNetworkChanged(nowNs);
        background.onNetworkChanged(nowNs);
    }

    @Override
    public void onClosed(Link link, boolean peerLost, long nowNs) {
        foreground.onClosed(link, peerLost, nowNs);
        background.onClosed(link, peerLost, nowNs);
    }

    @Override
    public String toString() {
        return "phased(foreground=" + foreground + ", background=" + background + ")";
    }
}
