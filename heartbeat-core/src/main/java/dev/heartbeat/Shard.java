package dev.heartbeat;

import dev.heartbeat.interval.Phase;
import dev.heartbeat.time.NanoClock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One of a service's threads, and the monitor that only it touches.
 *
 * <p>A step hears first and judges then: it looks back for a stall of our own, takes wishes and events, at most a batch
 * of each, turns the wheel, and makes its counts known. Between steps the thread sleeps until something is due or
 * someone wakes it.
 */
final class Shard implements Runnable, Marks {
    static final int BATCH = 1024;

    private static final int MOST_ERRORS_IN_A_ROW = 3;
    private static final long AFTER_ERRORS_NS = 100_000_000L;

    private final NanoClock clock;
    private final long originNs;
    private final HeartbeatMonitor monitor;
    private final Relay relay;
    private final int capacity;
    private final AtomicInteger reserved = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Mailbox mailbox = new Mailbox();
    private final CommandRing<Watched> ring;
    private final Doze doze = new Doze();
    private final Board board = new Board();
    private final SecondLook secondLook = new SecondLook();
    private volatile boolean stopping;

    private @Nullable Watched inHand;

    Shard(ServiceBuilder from, int index, HeartbeatListener listener) {
        clock = from.clock;
        capacity = from.capacity;
        ring = new CommandRing<>(from.commandCapacity);
        relay = new Relay(listener, this);
        originNs = clock.nanoTime();
        monitor = from.monitor(index).build(relay, originNs);
        monitor.all.shareWith(this);
        relay.of(monitor.all);
    }

    // ---- from any thread

    long nanoTime() {
        return clock.nanoTime();
    }

    long originNs() {
        return originNs;
    }

    /** Takes a place for a connection that is about to be opened; false if there is none. */
    boolean reserve() {
        int taken;
        do {
            taken = reserved.get();
            if (taken >= capacity) {
                return false;
            }
        } while (!reserved.compareAndSet(taken, taken + 1));
        return true;
    }

    void post(Watched watched) {
        mailbox.post(watched);
        doze.wake();
    }

    /** Hands over an event; false, and counted, if there is no room. */
    boolean tell(int kind, Watched watched, long argument, long atNs) {
        if (!ring.offer(kind, watched, argument, atNs)) {
            dropped.incrementAndGet();
            return false;
        }
        doze.wake();
        return true;
    }

    long dropped() {
        return dropped.get();
    }

    MonitorStatistics statistics() {
        return board.read();
    }

    boolean isStopping() {
        return stopping;
    }

    void stop() {
        stopping = true;
        doze.wake();
    }

    /** Names the thread, before it starts. */
    void of(Thread thread) {
        doze.of(thread);
    }

    boolean isMine() {
        return doze.isMine();
    }

    // ---- the thread

    @Override
    public void run() {
        int errorsInARow = 0;
        while (!stopping) {
            try {
                if (!step(clock.nanoTime())) {
                    sleep();
                }
                errorsInARow = 0;
            } catch (RuntimeException | Error e) {
                tell(e);
                if (++errorsInARow > MOST_ERRORS_IN_A_ROW) {
                    LockSupport.parkNanos(AFTER_ERRORS_NS);
                }
            }
        }
        leave();
    }

    /** What no listener can be told of goes where an uncaught exception of this thread would have gone. */
    private static void tell(Throwable thrown) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (RuntimeException | Error e) {
            // A handler that throws is ignored, as the virtual machine does.
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but a little of the processor's time
    private void sleep() {
        long delayNs = delayNs(clock.nanoTime());
        if (delayNs <= 0) {
            return;
        }
        doze.begin();
        if (!isAwaited() && !stopping) {
            doze.sleep(delayNs);
        } else {
            doze.stay();
            Thread.yield(); // to the thread that is about to fill the cell it claimed
        }
    }

    /** Whether something was handed over and waits. */
    boolean isAwaited() {
        return !mailbox.isEmpty() || ring.isClaimed();
    }

    /** How long until the next step is due, if nothing happens before. */
    long delayNs(long nowNs) {
        return Math.min(monitor.delayUntilNextNs(nowNs), secondLook.delayNs(nowNs));
    }

    /** Does what there is to do; whether there is more. */
    boolean step(long nowNs) {
        long monitorsNs = monitor.engine.lookBack(nowNs);
        try {
            boolean more = lookAgain(nowNs);
            more |= takeWishes(nowNs);
            more |= takeEvents(nowNs);
            more |= monitor.engine.advance(monitorsNs, HeartbeatMonitor.DEFAULT_LIMIT)
                    == HeartbeatMonitor.DEFAULT_LIMIT;
            secondLook.plan(clock.nanoTime());
            return more;
        } finally {
            board.write(monitor);
        }
    }

    private boolean lookAgain(long nowNs) {
        for (int left = BATCH; left > 0 && secondLook.isDue(nowNs); left--) {
            catchUp(secondLook.take(), nowNs);
        }
        return secondLook.isDue(nowNs);
    }

    private boolean takeWishes(long nowNs) {
        if (inHand == null) {
            inHand = mailbox.takeAll();
        }
        Watched watched = inHand;
        for (int left = BATCH; left > 0 && watched != null; left--) {
            inHand = watched.next;
            watched.next = null;
            grant(watched, watched.take(true), nowNs);
            watched = inHand;
        }
        return inHand != null;
    }

    private boolean takeEvents(long nowNs) {
        for (int left = BATCH; left > 0; left--) {
            if (!ring.next()) {
                return false;
            }
            Watched watched = ring.subject();
            if (watched.isClosed()) {
                continue;
            }
            if (watched.isWaiting()) {
                grant(watched, watched.take(false), nowNs); // what was said before the event
            }
            hear(watched, ring.kind(), ring.argument(), notAhead(ring.atNs(), nowNs));
        }
        return true;
    }

    private void hear(Watched watched, int kind, long argument, long atNs) {
        int slot = slot(watched);
        if (slot < 0) {
            return;
        }
        long monitorsNs = atNs + monitor.stalls.offsetNs(); // when it was said, though it be before this turn
        switch (kind) {
            case Watched.ACK -> monitor.engine.evidence().acked(slot, (int) argument, monitorsNs);
            case Watched.PING -> monitor.engine.evidence().pinged(slot, argument, monitorsNs);
            default -> monitor.refused(watched.monitorHandle, Refusal.MALFORMED_FRAME);
        }
    }

    /**
     * An instant that another thread read: the present one, if the clock has gone backward since. What is after the step
     * began need not be in the future, for the step may have taken a while.
     */
    long notAhead(long atNs, long stepNs) {
        if (atNs - stepNs <= 0) {
            return atNs;
        }
        long nowNs = clock.nanoTime();
        return atNs - nowNs > 0 ? nowNs : atNs;
    }

    private int slot(Watched watched) {
        return monitor.all.slot(watched.monitorHandle);
    }

    private void grant(Watched watched, int wanted, long nowNs) {
        boolean unopened = (wanted & Watched.OPEN) != 0;
        if ((wanted & Watched.CLOSED) != 0) {
            if (watched.monitorHandle != 0) {
                monitor.close(watched.monitorHandle);
            } else if (unopened) {
                end(watched);
            }
            return;
        }
        if (unopened) {
            open(watched, nowNs);
        }
        try {
            grantTheRest(watched, wanted, nowNs);
        } catch (RuntimeException e) {
            monitor.notices.error(watched.monitorHandle, e);
        }
    }

    private void grantTheRest(Watched watched, int wanted, long nowNs) {
        if ((wanted & (Watched.MARK | Watched.LOST)) != 0) {
            catchUp(watched, nowNs);
        }
        if (isWanted(watched, wanted, Watched.POLICY)) {
            try {
                monitor.policy(watched.monitorHandle, watched.policy(), nowNs);
            } catch (RuntimeException e) {
                monitor.notices.error(watched.monitorHandle, e); // what else is wanted is granted all the same
            }
        }
        if (isWanted(watched, wanted, Watched.PROBE_LEFT)) {
            long leftNs = notAhead(watched.probeLeftNs(originNs), nowNs) + monitor.stalls.offsetNs();
            monitor.engine.evidence().probeSent(slot(watched), watched.probeLeftId(), leftNs);
        }
        if (isWanted(watched, wanted, Watched.ANNOUNCED)) {
            monitor.announced(watched.monitorHandle, watched.announcedNs(), nowNs);
        }
        if (isWanted(watched, wanted, Watched.BACKGROUND)) {
            monitor.phase(watched.monitorHandle, Phase.BACKGROUND, nowNs);
        }
        if (isWanted(watched, wanted, Watched.FOREGROUND)) {
            monitor.phase(watched.monitorHandle, Phase.FOREGROUND, nowNs);
        }
        if (isWanted(watched, wanted, Watched.NETWORK)) {
            monitor.networkChanged(watched.monitorHandle, nowNs);
        }
        if (isWanted(watched, wanted, Watched.PROBE_NOW)) {
            monitor.probeNow(watched.monitorHandle, nowNs);
        }
        if (isWanted(watched, wanted, Watched.LOST)) {
            Watched.Loss loss = watched.loss();
            monitor.lost(watched.monitorHandle, loss.kind(), loss.detail(), nowNs);
        }
    }

    /** Whether something is wanted of a connection that is still there: any callback may have ended it. */
    private static boolean isWanted(Watched watched, int wanted, int what) {
        return (wanted & what) != 0 && watched.monitorHandle != 0;
    }

    private void open(Watched watched, long nowNs) {
        try {
            watched.monitorHandle = monitor.open(watched, watched.policy(), nowNs);
        } catch (RuntimeException e) {
            if (!watched.isEnded()) {
                end(watched);
            }
            relay.failedToOpen(watched, e, monitor.tally);
        }
    }

    private void end(Watched watched) {
        watched.end();
        reserved.decrementAndGet();
    }

    private void catchUp(Watched watched, long nowNs) {
        int slot = slot(watched);
        if (slot >= 0) {
            monitor.engine.catchUp(slot, nowNs + monitor.stalls.offsetNs());
        }
    }

    /** The strategies of what is still open are told that it ends; nobody else is. */
    private void leave() {
        Connections all = monitor.all;
        for (int slot = 0; slot < all.highWater(); slot++) {
            try {
                if (all.isInUse(slot)) {
                    monitor.close(all.handle(slot));
                }
            } catch (RuntimeException | Error e) {
                tell(e);
            }
        }
        board.write(monitor);
    }

    // ---- what the monitor asks

    @Override
    public long receivedNs(int slot, long hostNs) {
        return watched(slot).receivedNs(hostNs);
    }

    @Override
    public long sentNs(int slot, long hostNs) {
        return watched(slot).sentNs(hostNs);
    }

    @Override
    public void lookCloser(int slot, boolean closer) {
        Watched watched = watched(slot);
        boolean calm = watched.isCalm();
        watched.show(monitor.all.liveness(slot), closer);
        if (calm && closer) {
            secondLook.add(watched);
        }
    }

    @Override
    public void freed(int slot) {
        end(watched(slot));
    }

    private Watched watched(int slot) {
        return (Watched) monitor.all.transport(slot);
    }
}
