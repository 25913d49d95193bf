package dev.heartbeat;

import dev.heartbeat.testkit.ClockOrigins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/**
 * A monitor under test with a plain account of what happened when. Times are counted from the start, in ns, whatever the
 * clock's origin.
 */
final class Bench implements HeartbeatTransport, HeartbeatListener {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;
    static final long TICK = MS;

    /** A probe's stamp is rounded up to so much. */
    static final long STAMP = 2_048;

    static final int ALL = 1 << 20;

    enum What {
        PROBE,
        LEFT,
        SENT,
        HEARD,
        ACK,
        LATE_ACK,
        MISS,
        SUSPECT,
        RECOVERED,
        DEAD,
        CLOSE,
        REFUSED,
        STALL,
        ERROR
    }

    record Event(What what, long handle, long atNs, long value) {}

    private record Planned(long atNs, long order, Runnable action) {}

    final List<Event> events = new ArrayList<>();
    final Map<Long, DeathCause> causes = new HashMap<>();
    final List<Exception> errors = new ArrayList<>();
    final HeartbeatMonitor monitor;
    private final PriorityQueue<Planned> plan =
            new PriorityQueue<>(Comparator.comparingLong(Planned::atNs).thenComparingLong(Planned::order));
    private final long originNs;
    private long order;
    private long elapsedNs;
    private long dueNs = Long.MAX_VALUE;

    /** How long the peer takes to answer a probe; negative: never. */
    long answerAfterNs = -1;

    /** Which probes the peer answers, counted from 0. */
    IntPredicate answers = probe -> true;

    private int probes;

    /** Whether probes leave at once. */
    boolean writing = true;

    /** How late the host polls. */
    long latenessNs;

    Bench(long originNs) {
        this(originNs, builder -> builder);
    }

    Bench(long originNs, UnaryOperator<MonitorBuilder> settings) {
        this.originNs = originNs;
        HeartbeatListener me = this;
        monitor = settings.apply(HeartbeatMonitor.builder().tick(Duration.ofNanos(TICK)))
                .build(me, originNs);
    }

    static long[] origins() {
        return ClockOrigins.all();
    }

    long now() {
        return originNs + elapsedNs;
    }

    long elapsedNs() {
        return elapsedNs;
    }

    long open(HeartbeatPolicy policy) {
        return monitor.open(this, policy, now());
    }

    void at(long atNs, Runnable action) {
        plan.add(new Planned(atNs, order++, action));
    }

    void in(long lengthNs, Runnable action) {
        at(elapsedNs + lengthNs, action);
    }

    /** Lets time pass without anybody running. */
    void stall(long lengthNs) {
        elapsedNs += lengthNs;
    }

    void poll() {
        dueNs = Long.MAX_VALUE;
        monitor.poll(now(), ALL);
    }

    void run(Duration length) {
        run(length.toNanos());
    }

    /** Runs what is planned when it is time, and polls when the monitor wants to be polled. */
    void run(long lengthNs) {
        long endNs = elapsedNs + lengthNs;
        while (true) {
            long waitNs = monitor.delayUntilNextNs(now());
            if (waitNs == Long.MAX_VALUE) {
                dueNs = Long.MAX_VALUE;
            } else {
                dueNs = waitNs > 0 ? elapsedNs + waitNs : Math.min(dueNs, elapsedNs);
            }
            long pollAtNs = dueNs == Long.MAX_VALUE ? dueNs : dueNs + latenessNs;
            Planned next = plan.peek();
            long nextNs = next == null ? pollAtNs : Math.min(pollAtNs, next.atNs());
            if (nextNs > endNs) {
                break;
            }
            elapsedNs = Math.max(elapsedNs, nextNs);
            if (next != null && next.atNs() <= elapsedNs) {
                plan.remove().action().run();
            } else {
                poll();
            }
        }
        elapsedNs = endNs;
    }

    void heard(long handle) {
        note(What.HEARD, handle, 0);
        monitor.received(handle, now());
    }

    void sent(long handle) {
        note(What.SENT, handle, 0);
        monitor.sent(handle, now());
    }

    List<Event> all(What what) {
        return events.stream().filter(event -> event.what() == what).toList();
    }

    long count(What what) {
        return events.stream().filter(event -> event.what() == what).count();
    }

    Event last(What what) {
        List<Event> those = all(what);
        return those.get(those.size() - 1);
    }

    private void note(What what, long handle, long value) {
        events.add(new Event(what, handle, elapsedNs, value));
    }

    @Override
    public void sendProbe(long handle, int probeId) {
        note(What.PROBE, handle, probeId);
        if (writing) {
            left(handle, probeId);
        }
        if (answerAfterNs >= 0 && answers.test(probes++)) {
            in(answerAfterNs, () -> monitor.acked(handle, probeId, now()));
        }
    }

    void left(long handle, int probeId) {
        note(What.LEFT, handle, probeId);
        monitor.probeSent(handle, probeId, now());
    }

    @Override
    public void close(long handle, DeathCause cause) {
        note(What.CLOSE, handle, cause.kind().ordinal());
    }

    @Override
    public void onDead(long handle, DeathCause cause) {
        note(What.DEAD, handle, cause.kind().ordinal());
        causes.put(handle, cause);
    }

    @Override
    public void onSuspect(long handle, long silenceNs) {
        note(What.SUSPECT, handle, silenceNs);
    }

    @Override
    public void onRecovered(long handle) {
        note(What.RECOVERED, handle, 0);
    }

    @Override
    public void onAck(long handle, long roundTripNs) {
        note(What.ACK, handle, roundTripNs);
    }

    @Override
    public void onMiss(long handle, int consecutiveMisses) {
        note(What.MISS, handle, consecutiveMisses);
    }

    @Override
    public void onLateAck(long handle, int probeId) {
        note(What.LATE_ACK, handle, probeId);
    }

    @Override
    public void onRefused(long handle, Refusal refusal) {
        note(What.REFUSED, handle, refusal.ordinal());
    }

    @Override
    public void onStall(long stallNs) {
        note(What.STALL, 0, stallNs);
    }

    @Override
    public void onError(long handle, Exception error) {
        note(What.ERROR, handle, 0);
        errors.add(error);
    }
}
