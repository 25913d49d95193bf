package dev.heartbeat.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random lives of a wheel beside a plain map from id to due tick. */
class TimerWheelModelTest {

    private static final int IDS = 12;
    private static final int TOLERATED = 8;
    private static final long TICK = 1_000_000L;
    private static final int ALL = Integer.MAX_VALUE;

    enum Kind {
        SCHEDULE,
        SCHEDULE_FAR,
        EARLIER,
        CANCEL,
        ADVANCE_A_LITTLE,
        ADVANCE,
        ADVANCE_FAR,
        ADVANCE_LIMITED,
        ADVANCE_BACKWARDS
    }

    /** What the handler does while an operation runs. */
    enum Reaction {
        NONE,
        REARM,
        REARM_FAR,
        REARM_IN_THE_PAST,
        CANCEL_NEIGHBOUR,
        SCHEDULE_NEIGHBOUR,
        THROW
    }

    record Operation(Kind kind, int id, long amount, Reaction reaction) {}

    @Provide
    Arbitrary<List<Operation>> lives() {
        return operations().list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Operation>> longLives() {
        return operations().list().ofSize(2000);
    }

    private static Arbitrary<Operation> operations() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, IDS - 1),
                        Arbitraries.longs().between(0, 1_000_000),
                        Arbitraries.of(Reaction.class))
                .as(Operation::new);
    }

    @Provide
    Arbitrary<Long> origins() {
        return Arbitraries.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L);
    }

    @Provide
    Arbitrary<WheelShape> shapes() {
        return Arbitraries.of(
                new WheelShape(3, 2, 2), new WheelShape(5, 3, 3), new WheelShape(7, 7, 6), WheelShape.DEFAULT);
    }

    @Property(tries = 1500)
    void wheel_anyLife_doesWhatTheMapSays(
            @ForAll("origins") long origin, @ForAll("shapes") WheelShape shape, @ForAll("lives") List<Operation> life) {
        Beside beside = new Beside(origin, shape);
        for (Operation operation : life) {
            beside.apply(operation);
            beside.compare();
        }
        beside.finish();
    }

    @Property(tries = 60)
    void wheel_longLife_doesWhatTheMapSays(
            @ForAll("origins") long origin,
            @ForAll("shapes") WheelShape shape,
            @ForAll("longLives") List<Operation> life) {
        wheel_anyLife_doesWhatTheMapSays(origin, shape, life);
    }

    private static final class Boom extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** The wheel, the map, and the operations done to both. Lengths are relative to the origin. */
    private static final class Beside {

        private final long origin;
        private final int rangeTicks;
        private final TimerWheel wheel;
        private final Map<Integer, Long> dueTicks = new HashMap<>();

        private long now;
        private long scheduled;
        private long cancelled;
        private long fired;
        private Operation running = new Operation(Kind.ADVANCE, 0, 0, Reaction.NONE);

        Beside(long origin, WheelShape shape) {
            this.origin = origin;
            this.rangeTicks = (int) shape.firstTick(shape.coarseCount());
            this.wheel = TimerWheel.builder()
                    .startNs(origin)
                    .tick(Duration.ofNanos(TICK))
                    .capacity(IDS)
                    .shape(shape)
                    .spareEntries(TOLERATED)
                    .build();
        }

        void apply(Operation operation) {
            running = operation;
            long range = rangeTicks * TICK;
            long within = range / 1_000_000 * operation.amount() + operation.amount() % 7;
            switch (operation.kind()) {
                case SCHEDULE -> schedule(operation.id(), now + within / 3);
                case SCHEDULE_FAR -> schedule(operation.id(), now + within * 3);
                case EARLIER -> {
                    Long due = dueTicks.get(operation.id());
                    if (due != null) {
                        schedule(operation.id(), due * TICK - within / 10);
                    }
                }
                case CANCEL -> cancel(operation.id());
                case ADVANCE_A_LITTLE -> advance(now + operation.amount() * 3, ALL);
                case ADVANCE -> advance(now + within / 10, ALL);
                case ADVANCE_FAR -> advance(now + within * 5, ALL);
                case ADVANCE_LIMITED -> advance(now + within, 1 + operation.id() % 3);
                case ADVANCE_BACKWARDS -> advance(now - within, ALL);
            }
        }

        void finish() {
            running = new Operation(Kind.ADVANCE, 0, 0, Reaction.NONE);
            advance(now + 20L * rangeTicks * TICK, ALL);
            compare();
            assertEquals(0, wheel.size());
        }

        private void schedule(int id, long deadline) {
            long due = Math.max(-Math.floorDiv(-deadline, TICK), Math.floorDiv(now, TICK) + 1);
            if (dueTicks.put(id, due) == null) {
                scheduled++;
            }
            wheel.schedule(id, origin + deadline);
        }

        private void cancel(int id) {
            boolean wasSet = dueTicks.remove(id) != null;
            if (wasSet) {
                cancelled++;
            }
            assertEquals(wasSet, wheel.cancel(id));
        }

        private void advance(long instant, int limit) {
            now = Math.max(now, instant);
            boolean done = false;
            for (int calls = 0; !done; calls++) {
                assertTrue(calls < 10_000, "catching up comes to an end");
                try {
                    int visited = wheel.advance(origin + instant, limit, this::onExpiry);
                    assertTrue(visited >= 0 && visited <= limit);
                    done = visited < limit;
                } catch (Boom expected) {
                    assertEquals(Reaction.THROW, running.reaction());
                }
                if (!done && anyDue()) {
                    assertEquals(0, wheel.delayUntilNextNs(origin + now), "work is left over");
                }
                if (limit < ALL && running.amount() % 2 == 0) {
                    return;
                }
            }
            assertTrue(!anyDue(), "all that was due has fired");
        }

        private void onExpiry(int id, long nowNs) {
            assertEquals(origin + now, nowNs);
            Long due = dueTicks.remove(id);
            assertTrue(due != null, "only what is set fires");
            assertTrue(due * TICK <= now, "never early");
            fired++;
            react(id);
        }

        private void react(int id) {
            long range = rangeTicks * TICK;
            int neighbour = (id + 1 + running.id()) % IDS;
            switch (running.reaction()) {
                case NONE -> {}
                case REARM -> schedule(id, now + range / 7);
                case REARM_FAR -> schedule(id, now + 2 * range);
                case REARM_IN_THE_PAST -> schedule(id, now - range / 5);
                case CANCEL_NEIGHBOUR -> cancel(neighbour);
                case SCHEDULE_NEIGHBOUR -> schedule(neighbour, now + running.amount());
                case THROW -> throw new Boom();
            }
        }

        private boolean anyDue() {
            return dueTicks.values().stream().anyMatch(due -> due * TICK <= now);
        }

        void compare() {
            assertEquals(dueTicks.size(), wheel.size());
            assertEquals(scheduled, wheel.scheduledCount());
            assertEquals(cancelled, wheel.cancelledCount());
            assertEquals(fired, wheel.firedCount());
            assertEquals(scheduled, fired + cancelled + wheel.size());
            for (int id = 0; id < IDS; id++) {
                Long due = dueTicks.get(id);
                assertEquals(due != null, wheel.isScheduled(id));
                if (due != null) {
                    assertEquals(origin + due * TICK, wheel.deadlineNs(id));
                }
            }
            assertTrue(wheel.entries() >= wheel.size());
            assertEquals(wheel.entries() - wheel.size(), wheel.staleEntries());
            assertTrue(wheel.staleEntries() <= 2 * IDS + TOLERATED + 8, () -> "stale " + wheel.staleEntries());
            compareDelay();
        }

        private void compareDelay() {
            long delay = wheel.delayUntilNextNs(origin + now);
            if (dueTicks.isEmpty()) {
                assertEquals(Long.MAX_VALUE, delay);
                return;
            }
            long first = dueTicks.values().stream().mapToLong(due -> due).min().orElseThrow();
            assertTrue(delay >= 0 && delay <= Math.max(0, first * TICK - now), "never too long a wait");
        }
    }
}
