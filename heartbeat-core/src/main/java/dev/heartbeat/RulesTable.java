package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rules in use, each under a small number, so that a connection holds a number and not a reference. The policies seen
 * last are remembered: a million connections under one policy share what was read from it.
 */
final class RulesTable {
    private static final int RECENT = 8;
    private static final int NONE = -1;

    private @Nullable Rules[] rules = new Rules[RECENT];

    /** How many connections use them, and one for being remembered; of a free number, the next free one. */
    private int[] users = new int[RECENT];

    private final int[] recent = new int[RECENT];
    private int nextRecent;
    private int firstFree = NONE;
    private int highWater;

    RulesTable() {
        Arrays.fill(recent, NONE);
    }

    /**
     * The number of a policy's rules, good until the next call unless they are {@linkplain #retain retained}.
     *
     * @throws IllegalArgumentException if the policy contradicts itself
     */
    int of(HeartbeatPolicy policy) {
        requireNonNull(policy, "policy");
        for (int number : recent) {
            if (number != NONE && get(number).policy == policy) {
                return number;
            }
        }
        int number = add(Rules.of(policy));
        if (recent[nextRecent] != NONE) {
            release(recent[nextRecent]);
        }
        recent[nextRecent] = number;
        nextRecent = (nextRecent + 1) % RECENT;
        return number;
    }

    Rules get(int number) {
        Rules its = rules[number];
        assert its != null : "rules " + number + " are nobody's";
        return its;
    }

    void retain(int number) {
        users[number]++;
    }

    void release(int number) {
        if (--users[number] == 0) {
            rules[number] = null;
            users[number] = firstFree;
            firstFree = number;
        }
    }

    private int add(Rules its) {
        int number = firstFree;
        if (number == NONE) {
            number = highWater++;
            if (number == rules.length) {
                rules = Arrays.copyOf(rules, 2 * number);
                users = Arrays.copyOf(users, 2 * number);
            }
        } else {
            firstFree = users[number];
        }
        rules[number] = its;
        users[number] = 1;
        return number;
    }
}
