package dev.heartbeat.reconnect;

/** A token bucket on a monotonic clock of any origin. A clock that goes back gives nothing and takes nothing. */
final class AttemptBudget {
    private final int capacity;
    private final long perTokenNs;
    private int tokens;
    private long countedNs; // tokens are counted up to here; behind or at the clock

    AttemptBudget(int capacity, long perTokenNs, long nowNs) {
        this.capacity = capacity;
        this.perTokenNs = perTokenNs;
        tokens = capacity;
        countedNs = nowNs;
    }

    /** A bucket of another size with as much in it as fits; part of a token stays the same part of a token. */
    AttemptBudget resized(int newCapacity, long newPerTokenNs, long nowNs) {
        refill(nowNs);
        AttemptBudget other = new AttemptBudget(newCapacity, newPerTokenNs, nowNs);
        other.tokens = Math.min(newCapacity, tokens);
        double part = (double) sinceCountedNs(nowNs) / perTokenNs;
        other.countedNs = nowNs - (long) (part * newPerTokenNs);
        return other;
    }

    long delayNs(long nowNs) {
        refill(nowNs);
        return tokens > 0 ? 0 : perTokenNs - sinceCountedNs(nowNs);
    }

    /** Takes a token, of which {@link #delayNs} has just said that there is one. */
    void take() {
        tokens--;
    }

    private void refill(long nowNs) {
        long earned = sinceCountedNs(nowNs) / perTokenNs;
        if (earned >= capacity - tokens) {
            tokens = capacity;
            countedNs = nowNs; // a full bucket earns nothing
        } else {
            tokens += (int) earned;
            countedNs += earned * perTokenNs;
        }
    }

    private long sinceCountedNs(long nowNs) {
        return Math.max(0, nowNs - countedNs);
    }
}
