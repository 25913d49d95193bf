package dev.heartbeat.netty;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All heartbeats of one event loop: one monitor with its wheel, one clock, and one scheduled task, which wakes the loop
 * when the earliest deadline of all comes and is there only while a channel is watched.
 *
 * <p>It hangs on its channels' handlers and on that task, so it goes with them: the loop's thread only knows it weakly.
 *
 * <p><b>Threading:</b> confined to the loop.
 */
final class LoopHeartbeats implements HeartbeatListener, Runnable {
    /** A thread has one loop as a rule; the thread of a test may have many {@link EmbeddedChannel}s. */
    private static final FastThreadLocal<Map<EventLoop, WeakReference<LoopHeartbeats>>> OF_THREAD =
            new FastThreadLocal<>() {
                @Override
                protected Map<EventLoop, WeakReference<LoopHeartbeats>> initialValue() {
                    return new WeakHashMap<>();
                }
            };

    /** How often the progress of big messages is looked at. */
    private static final long DRAIN_SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Later than that, and what waits in the sockets is read before anybody is judged. */
    private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(16);

    private final EventLoop loop;
    private final LoopClock clock;
    private final @Nullable VirtualTime virtual;
    private final HeartbeatMonitor monitor;
    private final LongObjectHashMap<ChannelHeartbeat> watched = new LongObjectHashMap<>();
    private final Draining draining = new Draining();
    private final HeartbeatFrame frame = new HeartbeatFrame();
    private final EchoRoom echoRoom = new EchoRoom();

    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpNs;
    private boolean readBeforeJudging;
    private boolean polling;

    private LoopHeartbeats(EventLoop loop, boolean embedded) {
        this.loop = loop;
        clock = new LoopClock(loop);
        virtual = embedded ? new VirtualTime(this, clock) : null;
        monitor = HeartbeatMonitor.builder()
                .seed(ThreadLocalRandom.current().nextLong())
                .build(this, clock.nanoTime());
    }

    /** The heartbeats of the loop that runs a channel and this code. */
    static LoopHeartbeats of(Channel channel) {
        EventLoop loop = channel.eventLoop();
        Map<EventLoop, WeakReference<LoopHeartbeats>> known = OF_THREAD.get();
        WeakReference<LoopHeartbeats> reference = known.get(loop);
        LoopHeartbeats its = reference == null ? null : reference.get();
        if (its == null) {
            its = new LoopHeartbeats(loop, channel instanceof EmbeddedChannel);
            known.put(loop, new WeakReference<>(its));
        }
        return its;
    }

    HeartbeatMonitor monitor() {
        return monitor;
    }

    /** A scratch pad: valid until the next call that leaves this package. */
    HeartbeatFrame frame() {
        return frame;
    }

    EchoRoom echoRoom() {
        return echoRoom;
    }

    int watchedChannels() {
        return watched.size();
    }

    boolean hasWakeUp() {
        return wakeUp != null;
    }

    boolean isShuttingDown() {
        return loop.isShuttingDown();
    }

    /** The present instant, after all that was due before it. */
    long nowNs() {
        return virtual == null ? clock.nanoTime() : virtual.nowNs();
    }

    /** The application's handlers run; in virtual time that is where a loop can be blocked. */
    void handlersRun(boolean begin) {
        if (virtual != null) {
            virtual.handlersRun(begin);
        }
    }

    // ---- channels come and go

    long watch(ChannelHeartbeat channel) {
        if (watched.isEmpty()) {
            clock.start();
        }
        long handle;
        try {
            handle = monitor.open(channel, channel.policy(), nowNs());
        } catch (RuntimeException e) {
            stopIfLast();
            throw e;
        }
        watched.put(handle, channel);
        rearm();
        return handle;
    }

    void unwatch(ChannelHeartbeat channel, long handle) {
        monitor.close(handle);
        forget(channel, handle);
    }

    private void forget(ChannelHeartbeat channel, long handle) {
        draining.remove(channel);
        watched.remove(handle);
        stopIfLast();
    }

    private void stopIfLast() {
        if (watched.isEmpty()) {
            cancelWakeUp();
            clock.stop();
        }
    }

    void drains(ChannelHeartbeat channel) {
        draining.add(channel);
        rearm();
    }

    void drained(ChannelHeartbeat channel) {
        draining.remove(channel);
    }

    // ---- time

    /** To be called after whatever may have brought an earlier deadline. */
    void rearm() {
        if (polling || watched.isEmpty() || loop.isShuttingDown()) {
            return;
        }
        long nowNs = clock.nanoTime();
        long delayNs = delayUntilNextNs(virtual == null ? nowNs : virtual.steppedNs());
        if (delayNs == Long.MAX_VALUE) {
            cancelWakeUp();
            return;
        }
        long dueNs = (virtual == null ? nowNs : virtual.steppedNs()) + delayNs;
        if (wakeUp == null || wakeUpNs - dueNs > 0) {
            schedule(dueNs, Math.max(0, dueNs - nowNs));
        }
    }

    private void schedule(long dueNs, long delayNs) {
        cancelWakeUp();
        wakeUpNs = dueNs;
        wakeUp = loop.schedule(this, delayNs, TimeUnit.NANOSECONDS);
    }

    private void cancelWakeUp() {
        if (wakeUp != null) {
            wakeUp.cancel(false);
            wakeUp = null;
        }
    }

    long delayUntilNextNs(long nowNs) {
        long delayNs = monitor.delayUntilNextNs(nowNs);
        return draining.isEmpty() ? delayNs : Math.min(delayNs, DRAIN_SAMPLE_NS);
    }

    @Override
    public void run() {
        wakeUp = null;
        long nowNs = clock.nanoTime();
        if (virtual != null) {
            virtual.catchUp(nowNs);
        } else if (nowNs - wakeUpNs > LATE_NS && !readBeforeJudging && !loop.isShuttingDown()) {
            // A task with a delay, however short, comes after the loop has looked at its sockets once more.
            readBeforeJudging = true;
            schedule(wakeUpNs, 1);
            return;
        } else {
            readBeforeJudging = false;
            poll(nowNs);
        }
        rearm();
    }

    void poll(long nowNs) {
        polling = true;
        try {
            draining.sample(monitor, nowNs);
            monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT);
        } finally {
            polling = false;
        }
    }

    // ---- what the monitor tells

    @Override
    public void onSuspect(long handle, long silenceNs) {
        ChannelHeartbeat channel = watched.get(handle);
        if (channel != null) {
            channel.fire(HeartbeatEvent.SUSPECT);
        }
    }

    @Override
    public void onRecovered(long handle) {
        ChannelHeartbeat channel = watched.get(handle);
        if (channel != null) {
            channel.fire(HeartbeatEvent.RECOVERED);
        }
    }

    @Override
    public void onDead(long handle, DeathCause cause) {
        ChannelHeartbeat channel = watched.get(handle);
        if (channel != null) {
            forget(channel, handle);
            channel.tellDeath(cause);
        }
    }

    @Override
    public void onError(long handle, Exception error) {
        ChannelHeartbeat channel = watched.get(handle);
        if (channel != null) {
            channel.fireError(error);
        } else {
            HeartbeatListener.super.onError(handle, error);
        }
    }
}
