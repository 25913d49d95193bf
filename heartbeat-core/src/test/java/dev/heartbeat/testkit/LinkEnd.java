package dev.heartbeat.testkit;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.Liveness;
import dev.heartbeat.MonitorBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One end of an {@link InMemoryLink}: a host with a loop of its own, that hears first and polls then. With a policy it
 * watches the link, until it gives it up or closes it; without one it is a peer that only answers pings.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class LinkEnd {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int LIMIT = 1 << 20;

    private final InMemoryLink link;
    private final HeartbeatMonitor monitor;
    private final RecordingListener listener = new RecordingListener();
    private final Deque<LinkMessage> inbox = new ArrayDeque<>();
    private final Deque<LinkMessage> outbox = new ArrayDeque<>();
    private final List<Long> sentAtNs = new ArrayList<>();
    private final HeartbeatTransport transport = new Hands();

    private long handle;
    private boolean watching;
    private boolean frozen;
    private boolean silent;
    private boolean stuck;
    private long clockAheadNs;
    private long latenessNs;
    private long nextTurnNs = NEVER;
    private int pingsHeard;

    LinkEnd(InMemoryLink link, UnaryOperator<MonitorBuilder> settings) {
        this.link = link;
        HeartbeatListener told = listener;
        monitor = settings.apply(HeartbeatMonitor.builder()).build(told, link.clockNs());
    }

    // ---- what it is

    /**
     * Begins to watch the link from this end.
     *
     * @param policy how
     * @return the handle at this end's monitor
     */
    public long watch(HeartbeatPolicy policy) {
        handle = monitor.open(transport, policy, nowNs());
        watching = true;
        return handle;
    }

    /**
     * This end's own monitor.
     *
     * @return the monitor
     */
    public HeartbeatMonitor monitor() {
        return monitor;
    }

    /**
     * What this end's monitor told.
     *
     * @return the listener
     */
    public RecordingListener listener() {
        return listener;
    }

    /**
     * The handle that {@link #watch} returned last.
     *
     * @return 0 if it was not called yet
     */
    public long handle() {
        return handle;
    }

    /**
     * What this end knows of the link.
     *
     * @return {@link Liveness#CLOSED} if it does not watch it, or not any more
     */
    public Liveness liveness() {
        return monitor.liveness(handle);
    }

    /**
     * What this end's clock shows.
     *
     * @return an instant
     */
    public long nowNs() {
        return link.clockNs() + clockAheadNs;
    }

    /**
     * When something has really left this end, each counted from the start of the link.
     *
     * @return a copy, oldest first
     */
    public List<Duration> departures() {
        return sentAtNs.stream().map(Duration::ofNanos).toList();
    }

    /**
     * How many pings this end has heard.
     *
     * @return at least 0
     */
    public int pingsHeard() {
        return pingsHeard;
    }

    // ---- what it does

    /** Sends data of the application. */
    public void send() {
        write(LinkMessage.data());
    }

    /**
     * Stops this end, as SIGSTOP or a garbage collection would: it neither hears nor speaks nor polls, while what
     * arrives waits; or lets it go on, which hears all that waited and polls then.
     *
     * @param frozen true to stop
     */
    public void freeze(boolean frozen) {
        boolean thawed = this.frozen && !frozen;
        this.frozen = frozen;
        if (thawed) {
            turn();
        }
    }

    /**
     * Whether this end leaves pings without an answer, while it still hears, and its own pings and data still leave.
     *
     * @param silent true to answer no ping
     */
    public void silent(boolean silent) {
        this.silent = silent;
    }

    /**
     * Whether what this end writes stays in its send buffer. What waits there leaves when it is stuck no more.
     *
     * @param stuck true to let nothing leave
     */
    public void stuck(boolean stuck) {
        this.stuck = stuck;
        while (!stuck && !outbox.isEmpty()) {
            leave(outbox.remove());
        }
    }

    /**
     * Makes this end's clock jump, and no other.
     *
     * @param length how far; backward if negative
     */
    public void jumpClock(Duration length) {
        clockAheadNs += length.toNanos();
    }

    /**
     * Sets how much later than wanted this end takes each of its turns that nothing arriving brings about.
     *
     * @param lateness at least 0
     */
    public void lateness(Duration lateness) {
        latenessNs = lateness.toNanos();
    }

    // ---- its loop

    void plan() {
        long waitNs = frozen ? NEVER : monitor.delayUntilNextNs(nowNs());
        nextTurnNs = waitNs == NEVER ? NEVER : link.elapsedNs() + waitNs + latenessNs;
    }

    long nextTurnNs() {
        return nextTurnNs;
    }

    void turnIfDue() {
        if (nextTurnNs <= link.elapsedNs()) {
            turn();
        }
    }

    void arrive(LinkMessage message) {
        inbox.add(message);
        if (!frozen) {
            turn();
        }
    }

    private void turn() {
        while (!inbox.isEmpty()) {
            hear(inbox.remove());
        }
        monitor.poll(nowNs(), LIMIT);
        plan();
    }

    /** Whether it watched the link and has given it up, or closed it: then it neither hears nor speaks. */
    private boolean isGone() {
        return handle != 0 && monitor.liveness(handle) == Liveness.CLOSED;
    }

    private void hear(LinkMessage message) {
        if (isGone()) {
            return;
        }
        long nowNs = nowNs();
        if (watching) {
            monitor.received(handle, nowNs);
        }
        switch (message.kind()) {
            case PING -> heardPing(message, nowNs);
            case ACK -> {
                if (watching) {
                    monitor.acked(handle, message.probeId(), nowNs);
                }
            }
            case DATA -> {}
        }
    }

    private void heardPing(LinkMessage ping, long nowNs) {
        pingsHeard++;
        if (watching) {
            monitor.pinged(handle, nowNs);
            if (ping.intervalNs() > 0) {
                monitor.announced(handle, ping.intervalNs(), nowNs);
            }
        }
        if (!silent) {
            write(LinkMessage.ack(ping.probeId()));
        }
    }

    private void write(LinkMessage message) {
        if (isGone()) {
            return;
        }
        if (stuck) {
            outbox.add(message);
        } else {
            leave(message);
        }
    }

    private void leave(LinkMessage message) {
        sentAtNs.add(link.elapsedNs());
        if (watching && message.kind() == LinkMessage.Kind.PING) {
            monitor.probeSent(handle, message.probeId(), nowNs());
        } else if (watching) {
            monitor.sent(handle, nowNs());
        }
        link.send(this, message);
    }

    private final class Hands implements HeartbeatTransport {
        @Override
        public void sendProbe(long probed, int probeId) {
            write(LinkMessage.ping(probeId, monitor.intervalNs(probed, nowNs())));
        }

        @Override
        public void close(long closed, DeathCause cause) {
            outbox.clear();
            inbox.clear();
            watching = watching && closed != handle;
        }
    }
}
