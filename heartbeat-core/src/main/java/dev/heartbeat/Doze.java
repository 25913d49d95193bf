package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How one thread sleeps and others wake it, at the cost of a read where it is awake.
 *
 * <p>Each side stores first and looks second: the sleeper says that it dozes and then looks for work; who brings work
 * puts it down and then looks whether the sleeper dozes. Both stores are full fences, so at least one of them sees the
 * other, and no wake-up is lost.
 *
 * <p><b>Threading:</b> {@link #wake} from any thread; everything else from the sleeper's.
 */
final class Doze {
    private final AtomicInteger dozing = new AtomicInteger();
    private volatile @Nullable Thread sleeper;

    /** Names the thread that sleeps. Before it starts. */
    void of(Thread thread) {
        sleeper = thread;
    }

    boolean isMine() {
        return sleeper == Thread.currentThread();
    }

    /** From here on {@link #wake} wakes. To be followed by a look for work, then by {@link #sleep} or {@link #stay}. */
    void begin() {
        dozing.set(1);
    }

    /** Sleeps until the time is up or someone wakes us; now and then less. An interrupt is taken as that, and forgotten. */
    void sleep(long lengthNs) {
        if (dozing.get() != 0) {
            LockSupport.parkNanos(this, lengthNs);
        }
        stay();
        Thread.interrupted(); // left standing, it would keep the thread from ever parking again
    }

    boolean isDozing() {
        return dozing.get() != 0;
    }

    /** There was work after all. */
    void stay() {
        dozing.lazySet(0);
    }

    /** Wakes the sleeper if it dozes. To be called after the work was put down with a full fence. */
    void wake() {
        if (dozing.get() != 0 && dozing.compareAndSet(1, 0)) {
            LockSupport.unpark(requireNonNull(sleeper));
        }
    }
}
