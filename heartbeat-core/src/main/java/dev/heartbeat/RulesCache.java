package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** The rules of the policies seen last, so that a million connections under one policy share what was read from it. */
final class RulesCache {
    private static final int SIZE = 8;

    private final @Nullable Rules[] recent = new Rules[SIZE];
    private int next;

    Rules of(HeartbeatPolicy policy) {
        requireNonNull(policy, "policy");
        for (Rules its : recent) {
            if (its != null && its.policy == policy) {
                return its;
            }
        }
        Rules its = Rules.of(policy);
        recent[next] = its;
        next = (next + 1) % SIZE;
        return its;
    }
}
