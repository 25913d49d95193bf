package dev.heartbeat;

import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;

/** One connection as its interval strategy sees it: a window that is moved over the columns. */
final class LinkCursor implements Link {
    private final Connections all;
    private int slot;

    LinkCursor(Connections all) {
        this.all = all;
    }

    LinkCursor at(int slot) {
        this.slot = slot;
        return this;
    }

    @Override
    public long handle() {
        return all.handle(slot);
    }

    @Override
    public Phase phase() {
        return all.has(slot, Connections.BACKGROUND) ? Phase.BACKGROUND : Phase.FOREGROUND;
    }

    @Override
    public int consecutiveMisses() {
        return all.misses(slot);
    }

    @Override
    public boolean hasAnnouncedInterval() {
        return all.announcedNs(slot) > 0;
    }

    @Override
    public long announcedIntervalNs() {
        if (!hasAnnouncedInterval()) {
            throw new IllegalStateException("the peer has announced no interval");
        }
        return all.announcedNs(slot);
    }
}
