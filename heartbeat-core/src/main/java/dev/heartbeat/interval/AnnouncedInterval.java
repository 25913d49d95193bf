package dev.heartbeat.interval;

/** Whatever the peer announced. */
final class AnnouncedInterval implements IntervalStrategy {
    private final FixedInterval untilAnnounced;

    AnnouncedInterval(FixedInterval untilAnnounced) {
        this.untilAnnounced = untilAnnounced;
    }

    @Override
    public long intervalNs(Link link, long nowNs) {
        return link.hasAnnouncedInterval() ? link.announcedIntervalNs() : untilAnnounced.intervalNs(link, nowNs);
    }

    @Override
    public String toString() {
        return "announced(until then " + untilAnnounced + ")";
    }
}
