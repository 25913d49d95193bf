package dev.heartbeat.examples.lab.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How late this machine was: a thread that wants to wake every few milliseconds writes down when it did not, and the
 * loops, when a turn took long. No promise is judged more strictly than the host allowed.
 *
 * <p><b>Threading:</b> may be used by any thread.
 */
final class Lateness implements AutoCloseable {
    private static final long PULSE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long WORTH_NOTING_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** From here on it counts as a pause, during which nothing at all was done. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private record Late(long endNs, long lengthNs) {}

    private final List<Late> noted = new ArrayList<>();
    private final Thread thread = new Thread(this::pulse, "host-pulse");
    private volatile boolean running = true;

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void pulse() {
        long plannedNs = System.nanoTime() + PULSE_NS;
        while (running) {
            LockSupport.parkNanos(plannedNs - System.nanoTime());
            long nowNs = System.nanoTime();
            if (nowNs - plannedNs >= 0) {
                note(nowNs, nowNs - plannedNs);
                plannedNs = nowNs + PULSE_NS;
            }
        }
    }

    void note(long endNs, long lengthNs) {
        if (lengthNs >= WORTH_NOTING_NS) {
            synchronized (noted) {
                noted.add(new Late(endNs, lengthNs));
            }
        }
    }

    /** The worst that was noted of a time. */
    long worstNs(long fromNs, long toNs) {
        long worst = 0;
        synchronized (noted) {
            for (Late late : noted) {
                if (late.endNs - fromNs >= 0 && late.endNs - late.lengthNs - toNs <= 0) {
                    worst = Math.max(worst, late.lengthNs);
                }
            }
        }
        return worst;
    }

    /** How long in all the host paused within a time; a pause that several have noted counts once. */
    long pausedNs(long fromNs, long toNs) {
        List<Late> pauses;
        synchronized (noted) {
            pauses = noted.stream()
                    .filter(late -> late.lengthNs >= PAUSE_NS)
                    .sorted(Comparator.comparingLong(late -> late.endNs - late.lengthNs - fromNs))
                    .toList();
        }
        long sum = 0;
        long doneNs = 0; // from fromNs on
        long lengthNs = toNs - fromNs;
        for (Late pause : pauses) {
            long endNs = Math.min(lengthNs, pause.endNs - fromNs);
            long startNs = Math.max(doneNs, pause.endNs - pause.lengthNs - fromNs);
            if (endNs - startNs > 0) {
                sum += endNs - startNs;
                doneNs = endNs;
            }
        }
        return sum;
    }

    @Override
    public void close() {
        running = false;
        LockSupport.unpark(thread);
    }
}
