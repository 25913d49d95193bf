package dev.heartbeat.interval.nat;

/** A proof that is being tried again: since the user's connection was lost in spite of it, or since it is old. */
final class Doubt {
    private final SearchScale scale;
    private final Bracket old = new Bracket();
    private boolean standing;
    private boolean trusted;

    Doubt(SearchScale scale) {
        this.scale = scale;
    }

    boolean isStanding() {
        return standing;
    }

    /** Whether the old proof is operated on meanwhile. */
    boolean isTrusted() {
        return standing && trusted;
    }

    long oldNs() {
        return old.provenNs();
    }

    Bracket old() {
        return old;
    }

    void raise(Bracket what, boolean trust) {
        old.copy(what);
        trusted = trust;
        standing = true;
    }

    void distrust() {
        trusted = false;
    }

    void clear() {
        standing = false;
    }

    /** Ends the doubt if this proves the old time again, and gives back what was known. */
    boolean isRefutedBy(Bracket now) {
        if (!standing || now.provenNs() < oldNs() - scale.cellNs(oldNs()) / 4) {
            return false;
        }
        standing = false;
        now.prove(oldNs());
        if (old.hasFailed() && old.failedNs() > now.provenNs()) {
            now.fail(old.failedNs());
        }
        return true;
    }

    /** Ends the doubt if this disproves the old time. */
    boolean isConfirmedBy(Bracket now) {
        if (!standing || !now.hasFailed() || now.failedNs() > oldNs() + scale.cellNs(oldNs()) / 4) {
            return false;
        }
        standing = false;
        return true;
    }
}
