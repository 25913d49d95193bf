package dev.heartbeat.netty;

import dev.heartbeat.time.NanoClock;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock by which an event loop runs its scheduled tasks, whichever that is.
 *
 * <p>Netty 4.2 tells it ({@code ticker()}), Netty 4.1 keeps it to itself, and an {@code EmbeddedChannel} has one that is
 * moved by hand. All of them tell how long a scheduled task has to wait, so a task that never comes due is a clock: as
 * its wait shrinks, time has passed.
 *
 * <p><b>Threading:</b> confined to the loop.
 */
final class LoopClock implements NanoClock {
    /** 73 years: never due, and far from the overflow of any loop's arithmetic. */
    private static final long FAR_NS = Long.MAX_VALUE >> 2;

    private final EventExecutor loop;
    private @Nullable ScheduledFuture<?> far;
    private long farWaitNs;
    private long startNs;

    LoopClock(EventExecutor loop) {
        this.loop = loop;
    }

    /** Goes on from where it stopped. */
    void start() {
        far = loop.schedule(LoopClock::neverDue, FAR_NS, TimeUnit.NANOSECONDS);
        farWaitNs = far.getDelay(TimeUnit.NANOSECONDS);
    }

    private static void neverDue() {}

    /** Stands still, and leaves nothing behind in the loop. */
    void stop() {
        startNs = nanoTime();
        if (far != null) {
            far.cancel(false);
            far = null;
        }
    }

    @Override
    public long nanoTime() {
        return far == null ? startNs : startNs + (farWaitNs - far.getDelay(TimeUnit.NANOSECONDS));
    }
}
