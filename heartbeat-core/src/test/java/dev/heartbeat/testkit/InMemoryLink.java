package dev.heartbeat.testkit;

import dev.heartbeat.MonitorBuilder;
import dev.heartbeat.time.ManualClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A connection in memory and in virtual time: two ends, and between them a path that can delay, lose, double and
 * reorder what crosses it, in each direction for itself. Hours pass in milliseconds, and a seed makes them pass the same
 * way again.
 *
 * <pre>{@code
 * InMemoryLink link = new InMemoryLink(0, 42);
 * link.near().watch(HeartbeatPolicy.client());
 * link.far().watch(HeartbeatPolicy.server());               // without a policy it only answers pings
 * link.run(Duration.ofMinutes(10));
 * link.toFar().blackHole(true);                             // nothing arrives at the far end any more
 * link.run(Duration.ofSeconds(71));
 * assertEquals(Liveness.CLOSED, link.far().liveness());
 * }</pre>
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class InMemoryLink {
    private final ManualClock clock;
    private final long originNs;
    private final LinkConditions toFar;
    private final LinkConditions toNear;
    private final LinkEnd near;
    private final LinkEnd far;
    private final PriorityQueue<Arrival> onTheirWay =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::atNs).thenComparingLong(Arrival::order));
    private long left;

    private record Arrival(long atNs, long order, LinkEnd to, LinkMessage message) {}

    /**
     * A perfect link, whose ends have monitors of a 1 ms tick.
     *
     * @param originNs where the clock starts; see {@link ClockOrigins}
     * @param seed of all that happens by chance
     */
    public InMemoryLink(long originNs, long seed) {
        this(originNs, seed, builder -> builder.tick(Duration.ofMillis(1)));
    }

    /**
     * A perfect link, whose ends have monitors of one's own settings.
     *
     * @param originNs where the clock starts; see {@link ClockOrigins}
     * @param seed of all that happens by chance
     * @param settings applied to the builders of both monitors
     */
    public InMemoryLink(long originNs, long seed, UnaryOperator<MonitorBuilder> settings) {
        Random random = new Random(seed);
        this.originNs = originNs;
        clock = new ManualClock(originNs);
        toFar = new LinkConditions(random);
        toNear = new LinkConditions(random);
        near = new LinkEnd(this, settings);
        far = new LinkEnd(this, settings);
    }

    /**
     * The one end.
     *
     * @return the same each time
     */
    public LinkEnd near() {
        return near;
    }

    /**
     * The other end.
     *
     * @return the same each time
     */
    public LinkEnd far() {
        return far;
    }

    /**
     * The way from the near end to the far one.
     *
     * @return its conditions, to be changed
     */
    public LinkConditions toFar() {
        return toFar;
    }

    /**
     * The way from the far end to the near one.
     *
     * @return its conditions, to be changed
     */
    public LinkConditions toNear() {
        return toNear;
    }

    /**
     * The time that has passed on the link.
     *
     * @return at least 0
     */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNs());
    }

    /**
     * Lets time pass. Each end that is not frozen takes a turn when something arrives and when its monitor asks for one.
     *
     * @param length at least 0
     */
    public void run(Duration length) {
        long endNs = elapsedNs() + length.toNanos();
        near.plan();
        far.plan();
        while (true) {
            long nextNs = Math.min(near.nextTurnNs(), far.nextTurnNs());
            Arrival first = onTheirWay.peek();
            if (first != null) {
                nextNs = Math.min(nextNs, first.atNs());
            }
            if (nextNs > endNs) {
                break;
            }
            moveTo(Math.max(nextNs, elapsedNs()));
            deliver();
            near.turnIfDue();
            far.turnIfDue();
        }
        moveTo(endNs);
    }

    private void deliver() {
        long nowNs = elapsedNs();
        for (Arrival next = onTheirWay.peek(); next != null && next.atNs() <= nowNs; next = onTheirWay.peek()) {
            onTheirWay.remove();
            next.to().arrive(next.message());
        }
    }

    private void moveTo(long elapsedNs) {
        clock.setNs(originNs + elapsedNs);
    }

    long elapsedNs() {
        return clock.nanoTime() - originNs;
    }

    long clockNs() {
        return clock.nanoTime();
    }

    void send(LinkEnd from, LinkMessage message) {
        LinkConditions way = from == near ? toFar : toNear;
        LinkEnd to = from == near ? far : near;
        int copies = way.copies();
        for (int i = 0; i < copies; i++) {
            onTheirWay.add(new Arrival(way.arrivalNs(elapsedNs()), left++, to, message));
        }
    }
}
