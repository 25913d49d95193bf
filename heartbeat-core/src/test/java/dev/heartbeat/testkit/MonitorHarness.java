package dev.heartbeat.testkit;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.MonitorBuilder;
import dev.heartbeat.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A monitor, a clock that is moved by hand, and a transport that writes at once and remembers what it was asked: enough
 * to see how a policy behaves over hours in milliseconds.
 *
 * <pre>{@code
 * MonitorHarness harness = new MonitorHarness(0);
 * long handle = harness.open(HeartbeatPolicy.client());
 * harness.run(Duration.ofSeconds(61));                       // the peer never answers
 * assertEquals(Liveness.CLOSED, harness.monitor().liveness(handle));
 * }</pre>
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class MonitorHarness implements HeartbeatTransport {
    private static final int LIMIT = 1 << 20;
    private static final long ROUND_TRIP_NS = 1_000_000;

    private final ManualClock clock;
    private final RecordingListener listener = new RecordingListener();
    private final HeartbeatMonitor monitor;
    private final List<Probe> probes = new ArrayList<>();
    private final List<Long> closed = new ArrayList<>();
    private boolean writing = true;
    private boolean answering;
    private int answered;

    /**
     * A probe that the transport was asked for.
     *
     * @param handle the connection
     * @param probeId what an ack has to carry
     * @param atNs when
     */
    public record Probe(long handle, int probeId, long atNs) {}

    /**
     * A harness with a monitor of a 1 ms tick.
     *
     * @param originNs where the clock starts; see {@link ClockOrigins}
     */
    public MonitorHarness(long originNs) {
        this(originNs, builder -> builder.tick(Duration.ofMillis(1)));
    }

    /**
     * A harness with a monitor of one's own settings.
     *
     * @param originNs where the clock starts; see {@link ClockOrigins}
     * @param settings applied to the monitor's builder
     */
    public MonitorHarness(long originNs, UnaryOperator<MonitorBuilder> settings) {
        clock = new ManualClock(originNs);
        HeartbeatListener told = listener;
        monitor = settings.apply(HeartbeatMonitor.builder()).build(told, originNs);
    }

    /**
     * The clock; {@link #run} moves it too.
     *
     * @return the clock
     */
    public ManualClock clock() {
        return clock;
    }

    /**
     * What the monitor told.
     *
     * @return the listener
     */
    public RecordingListener listener() {
        return listener;
    }

    /**
     * The monitor.
     *
     * @return the monitor
     */
    public HeartbeatMonitor monitor() {
        return monitor;
    }

    /**
     * The probes asked for so far, oldest first.
     *
     * @return a copy
     */
    public List<Probe> probes() {
        return List.copyOf(probes);
    }

    /**
     * The handles that the transport was told to close, oldest first.
     *
     * @return a copy
     */
    public List<Long> closed() {
        return List.copyOf(closed);
    }

    /**
     * Whether the transport writes probes at once, as it does at first, or lets them wait.
     *
     * @param writing false to let them wait
     */
    public void writing(boolean writing) {
        this.writing = writing;
    }

    /**
     * Whether the peer answers each probe a millisecond after it was asked for. At first it does not.
     *
     * @param answering true to have probes answered while time passes
     */
    public void answering(boolean answering) {
        this.answering = answering;
        answered = probes.size();
    }

    /**
     * Opens a connection now.
     *
     * @param policy its policy
     * @return its handle
     */
    public long open(HeartbeatPolicy policy) {
        return monitor.open(this, policy, clock.nanoTime());
    }

    /**
     * Lets time pass, polling exactly when the monitor wants to be polled, as an idle host does.
     *
     * @param length how long
     */
    public void run(Duration length) {
        long leftNs = length.toNanos();
        while (true) {
            long waitNs = monitor.delayUntilNextNs(clock.nanoTime());
            if (waitNs > leftNs) {
                break;
            }
            leftNs -= waitNs;
            monitor.poll(clock.advanceNs(waitNs), LIMIT);
            if (answering && answered < probes.size() && leftNs >= ROUND_TRIP_NS) {
                leftNs -= ROUND_TRIP_NS;
                clock.advanceNs(ROUND_TRIP_NS);
                answer();
            }
        }
        monitor.poll(clock.advanceNs(leftNs), LIMIT);
    }

    private void answer() {
        for (; answered < probes.size(); answered++) {
            Probe probe = probes.get(answered);
            monitor.received(probe.handle(), clock.nanoTime());
            monitor.acked(probe.handle(), probe.probeId(), clock.nanoTime());
        }
    }

    /**
     * Answers the last probe now.
     *
     * @throws IllegalStateException if there was none
     */
    public void ack() {
        if (probes.isEmpty()) {
            throw new IllegalStateException("no probe was asked for");
        }
        Probe last = probes.get(probes.size() - 1);
        monitor.acked(last.handle(), last.probeId(), clock.nanoTime());
    }

    @Override
    public void sendProbe(long handle, int probeId) {
        probes.add(new Probe(handle, probeId, clock.nanoTime()));
        if (writing) {
            monitor.probeSent(handle, probeId, clock.nanoTime());
        }
    }

    @Override
    public void close(long handle, DeathCause cause) {
        closed.add(handle);
    }
}
