package dev.heartbeat.netty;

/**
 * Lets the clock of an {@code EmbeddedChannel} be moved in big steps: a test that advances an hour sees all that would
 * have happened in that hour, each at its own instant, as if the loop had been running all the time.
 *
 * <p>Time that passes <em>while a handler runs</em> is different: that is a handler which blocks its loop, and is left to
 * the monitor to judge.
 *
 * <p><b>Threading:</b> confined to the loop.
 */
final class VirtualTime {
    private final LoopHeartbeats heartbeats;
    private final LoopClock clock;
    private long steppedNs;
    private boolean stepping;
    private int handlers;
    private long handlersBeganNs;
    private long blockedUntilNs;

    VirtualTime(LoopHeartbeats heartbeats, LoopClock clock) {
        this.heartbeats = heartbeats;
        this.clock = clock;
        steppedNs = clock.nanoTime();
        blockedUntilNs = steppedNs;
    }

    /** The instant up to which everything has happened. */
    long steppedNs() {
        return steppedNs;
    }

    long nowNs() {
        if (!stepping) {
            if (handlers > 0 || heartbeats.watchedChannels() == 0) {
                return clock.nanoTime();
            }
            // What is due just now comes after what happens just now, as in a loop that reads first.
            catchUp(clock.nanoTime() - 1);
            return clock.nanoTime();
        }
        return steppedNs;
    }

    void handlersRun(boolean begin) {
        if (begin) {
            if (handlers++ == 0) {
                handlersBeganNs = clock.nanoTime();
            }
        } else if (--handlers == 0 && clock.nanoTime() - handlersBeganNs > 0) {
            blockedUntilNs = clock.nanoTime();
        }
    }

    /** Does what is due up to an instant, in its order. */
    void catchUp(long untilNs) {
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            while (untilNs - steppedNs >= 0 && heartbeats.watchedChannels() > 0) {
                long delayNs = heartbeats.delayUntilNextNs(steppedNs);
                if (delayNs > untilNs - steppedNs) {
                    break;
                }
                steppedNs += delayNs;
                if (blockedUntilNs - steppedNs > 0 && steppedNs - handlersBeganNs >= 0) {
                    steppedNs = untilNs - blockedUntilNs < 0 ? untilNs : blockedUntilNs;
                }
                heartbeats.poll(steppedNs);
            }
        } finally {
            stepping = false;
            if (untilNs - steppedNs > 0) {
                steppedNs = untilNs;
            }
        }
    }
}
