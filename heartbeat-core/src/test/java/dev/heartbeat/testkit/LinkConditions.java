package dev.heartbeat.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Random;

/**
 * What one direction of an {@link InMemoryLink} does to the messages that cross it. Perfect at first: at once, complete
 * and in order. May be changed at any time; messages on their way arrive as they left.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class LinkConditions {
    private final Random random;
    private long shortestNs;
    private long spreadNs;
    private double loss;
    private double duplication;
    private boolean reordering;
    private boolean blackHole;
    private long latestArrivalNs;

    LinkConditions(Random random) {
        this.random = random;
    }

    /**
     * Sets how long a message takes.
     *
     * @param delay at least 0
     * @return these conditions
     */
    public LinkConditions delay(Duration delay) {
        return delay(delay, delay);
    }

    /**
     * Sets how long a message takes: anything between two lengths, each message by chance.
     *
     * @param shortest at least 0
     * @param longest at least {@code shortest}
     * @return these conditions
     * @throws IllegalArgumentException if one of them is out of range
     */
    public LinkConditions delay(Duration shortest, Duration longest) {
        long leastNs = requireNonNull(shortest, "shortest").toNanos();
        long mostNs = requireNonNull(longest, "longest").toNanos();
        if (leastNs < 0 || mostNs < leastNs) {
            throw new IllegalArgumentException(
                    "delay: " + shortest + " to " + longest + " (expected: 0 <= shortest <= longest)");
        }
        shortestNs = leastNs;
        spreadNs = mostNs - leastNs;
        return this;
    }

    /**
     * Sets how likely a message is lost.
     *
     * @param share from 0 to 1
     * @return these conditions
     * @throws IllegalArgumentException if {@code share} is out of range
     */
    public LinkConditions loss(double share) {
        loss = checkShare("loss", share);
        return this;
    }

    /**
     * Sets how likely a message arrives twice.
     *
     * @param share from 0 to 1
     * @return these conditions
     * @throws IllegalArgumentException if {@code share} is out of range
     */
    public LinkConditions duplication(double share) {
        duplication = checkShare("duplication", share);
        return this;
    }

    /**
     * Sets whether messages may overtake each other, as datagrams do. At first they may not.
     *
     * @param reordering true if a message that takes longer lets later ones pass
     * @return these conditions
     */
    public LinkConditions reordering(boolean reordering) {
        this.reordering = reordering;
        return this;
    }

    /**
     * Makes everything that leaves from now on vanish without a sign, or heals the link.
     *
     * @param blackHole true to lose everything
     * @return these conditions
     */
    public LinkConditions blackHole(boolean blackHole) {
        this.blackHole = blackHole;
        return this;
    }

    private static double checkShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + ": " + share + " (expected: from 0 to 1)");
        }
        return share;
    }

    /** How many copies of the next message arrive. */
    int copies() {
        if (blackHole || random.nextDouble() < loss) {
            return 0;
        }
        return random.nextDouble() < duplication ? 2 : 1;
    }

    /** When a copy that leaves now arrives, both counted from the start of the link. */
    long arrivalNs(long nowNs) {
        long arrivalNs = nowNs + shortestNs + (spreadNs == 0 ? 0 : (long) (random.nextDouble() * (spreadNs + 1)));
        if (!reordering) {
            arrivalNs = Math.max(arrivalNs, latestArrivalNs);
            latestArrivalNs = arrivalNs;
        }
        return arrivalNs;
    }
}
