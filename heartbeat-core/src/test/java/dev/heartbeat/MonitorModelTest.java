package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.PlainMonitor.Flight;
import dev.heartbeat.PlainMonitor.Line;
import dev.heartbeat.PlainMonitor.Rule;
import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random lives of a monitor beside {@link PlainMonitor}: whatever happens, both tell the same. */
class MonitorModelTest {
    private static final int CAPACITY = 6;

    private static final List<Rule> RULES = List.of(
            new Rule(Quiet.OUTBOUND, 30 * SECOND, 10 * SECOND, 3 * SECOND, 30 * SECOND, 3, 0, 0, false),
            new Rule(Quiet.ALWAYS, 5 * SECOND, 5 * SECOND, 7 * SECOND, 2 * SECOND, 2, 0, 0, false),
            new Rule(Quiet.INBOUND, 10 * SECOND, 4 * SECOND, SECOND, 20 * SECOND, 1, 0, 0, false),
            new Rule(Quiet.BOTH, 20 * SECOND, 2 * SECOND, SECOND, 20 * SECOND, 0, 1.5, 2.5, false),
            new Rule(Quiet.NEVER, 10 * SECOND, 25 * SECOND, SECOND, 5 * SECOND, 0, 1.0, 2.0, false),
            new Rule(Quiet.NEVER, 10 * SECOND, 25 * SECOND, SECOND, 5 * SECOND, 0, 1.0, 2.0, true),
            new Rule(Quiet.NEVER, 30 * SECOND, 3 * SECOND, 2 * SECOND, 9 * SECOND, 0, 1.5, 1.5, true));
    private static final List<HeartbeatPolicy> POLICIES =
            RULES.stream().map(Rule::policy).toList();

    enum Kind {
        OPEN,
        RECEIVED,
        SENT,
        PINGED,
        ACK_LATEST,
        ACK_OLDER,
        ACK_NONSENSE,
        WRITTEN,
        STUCK,
        UNSTUCK,
        PROBE_NOW,
        PHASE,
        NETWORK,
        ANNOUNCED,
        POLICY,
        CLOSE,
        LOST,
        TURN_SOON,
        TURN,
        TURN_LATE
    }

    record Operation(Kind kind, int which, int amount) {}

    @Provide
    Arbitrary<List<Operation>> lives() {
        Arbitrary<Kind> kinds = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(Kind.class)),
                Tuple.of(4, Arbitraries.of(Kind.OPEN, Kind.TURN_SOON, Kind.TURN, Kind.TURN_LATE)),
                Tuple.of(2, Arbitraries.of(Kind.RECEIVED, Kind.SENT, Kind.ACK_LATEST, Kind.TURN)));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(1, 30_000))
                .as(Operation::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(150);
    }

    @Property(tries = 2_000)
    void anyLife_isToldAsThePlainModelTellsIt(
            @ForAll(supplier = Origins.class) long originNs, @ForAll("lives") List<Operation> life) {
        Pair pair = new Pair(originNs);
        for (Operation operation : life) {
            pair.apply(operation);
            pair.compare(operation);
        }
        pair.outlive();
    }

    /** Monitor and model, side by side. */
    private static final class Pair implements HeartbeatTransport, HeartbeatListener {
        private final long originNs;
        private final HeartbeatMonitor monitor;
        private final List<Long> handles = new ArrayList<>();
        private final Map<Long, Line> lines = new HashMap<>();
        private final Map<Long, List<String>> told = new HashMap<>();
        private final Map<Long, Integer> latestProbe = new HashMap<>();
        private long elapsedNs;
        private long turnNs;
        private int open;
        private long opened;
        private long closed;
        private long stale;

        Pair(long originNs) {
            this.originNs = originNs;
            HeartbeatListener me = this;
            monitor = HeartbeatMonitor.builder()
                    .tick(Duration.ofMillis(1))
                    .capacity(CAPACITY)
                    .stallTolerance(Duration.ofDays(1))
                    .build(me, originNs);
        }

        private long now() {
            return originNs + elapsedNs;
        }

        void apply(Operation operation) {
            switch (operation.kind()) {
                case OPEN -> open(operation.which() % RULES.size());
                case TURN_SOON -> turn(1 + operation.amount() % 3);
                case TURN -> turn(operation.amount());
                case TURN_LATE -> turn(operation.amount() * 4);
                default -> {
                    if (!handles.isEmpty()) {
                        int newest = handles.size() - 1;
                        elapsedNs += operation.amount();
                        touch(operation, handles.get(newest - Math.min(newest, operation.which() % 10)));
                    }
                }
            }
        }

        private void open(int rule) {
            if (open == CAPACITY) {
                assertThrows(IllegalStateException.class, () -> monitor.open(this, POLICIES.get(rule), now()));
                return;
            }
            long handle = monitor.open(this, POLICIES.get(rule), now());
            assertTrue(handle > 0 && !lines.containsKey(handle), "handle " + handle);
            handles.add(handle);
            lines.put(handle, new Line(RULES.get(rule), elapsedNs));
            told.put(handle, new ArrayList<>());
            open++;
            opened++;
        }

        private void turn(int ms) {
            long tick = elapsedNs / MS + ms;
            elapsedNs = Math.max(tick * MS, turnNs + MS);
            turnNs = elapsedNs;
            monitor.poll(now(), Bench.ALL);
            lines.values().stream().filter(Line::isOpen).forEach(line -> line.turn(elapsedNs));
        }

        private void touch(Operation operation, long handle) {
            Line line = lines.get(handle);
            int latest = latestProbe.getOrDefault(handle, 0);
            int older = latest - operation.amount() % 20;
            boolean background = operation.amount() % 2 == 0;
            int rule = operation.amount() % RULES.size();
            long announcedNs = (operation.amount() - 100L) * MS;
            boolean there = line.isOpen();
            switch (operation.kind()) {
                case RECEIVED -> monitor.received(handle, now());
                case SENT -> monitor.sent(handle, now());
                case PINGED -> monitor.pinged(handle, now());
                case ACK_LATEST -> monitor.acked(handle, latest, now());
                case ACK_OLDER -> monitor.acked(handle, older, now());
                case ACK_NONSENSE -> monitor.acked(handle, latest + 0x10000, now());
                case WRITTEN -> monitor.probeSent(handle, latest, now());
                case PROBE_NOW -> monitor.probeNow(handle, now());
                case PHASE -> monitor.phase(handle, background ? Phase.BACKGROUND : Phase.FOREGROUND, now());
                case NETWORK -> monitor.networkChanged(handle, now());
                case ANNOUNCED -> monitor.announced(handle, announcedNs, now());
                case POLICY -> monitor.policy(handle, POLICIES.get(rule), now());
                case CLOSE -> monitor.close(handle);
                case LOST -> monitor.lost(handle, DeathCause.Kind.ABUSE, "", now());
                default -> {
                    line.writing = operation.kind() == Kind.UNSTUCK;
                    return;
                }
            }
            if (!there) {
                stale++;
                return;
            }
            switch (operation.kind()) {
                case RECEIVED, PINGED -> line.heard(elapsedNs);
                case SENT -> line.sentNs = elapsedNs;
                case ACK_LATEST -> line.acked(latest, elapsedNs);
                case ACK_OLDER -> line.acked(older, elapsedNs);
                case ACK_NONSENSE -> line.acked(latest + 0x10000, elapsedNs);
                case WRITTEN -> line.written(elapsedNs);
                case PROBE_NOW -> line.probe(false, elapsedNs);
                case PHASE -> {
                    if (line.background && !background) {
                        line.probe(true, elapsedNs);
                    }
                    line.background = background;
                }
                case NETWORK -> line.probe(true, elapsedNs);
                case ANNOUNCED -> line.announced(announcedNs);
                case POLICY -> line.rule(RULES.get(rule), elapsedNs);
                case CLOSE -> {
                    line.liveness = Liveness.CLOSED;
                    closed++;
                }
                default -> line.die(DeathCause.Kind.ABUSE);
            }
        }

        void compare(Operation after) {
            open = 0;
            for (long handle : handles) {
                Line line = lines.get(handle);
                assertEquals(line.told, told.get(handle), () -> "told of " + handle + " after " + after);
                assertEquals(line.liveness, monitor.liveness(handle), () -> "liveness after " + after);
                if (line.isOpen()) {
                    open++;
                    ConnectionStatistics statistics = monitor.statistics(handle, now());
                    assertEquals(line.misses, statistics.consecutiveMisses());
                    assertEquals(
                            List.of(line.probes, line.acks, line.missed, line.late),
                            List.of(
                                    statistics.probes(),
                                    statistics.acks(),
                                    statistics.misses(),
                                    statistics.lateAcks()));
                }
            }
            MonitorStatistics counts = monitor.statistics();
            assertEquals(open, counts.open());
            assertEquals(opened, counts.opened());
            assertEquals(closed, counts.closed());
            assertEquals(opened - open - closed, counts.dead());
            assertEquals(stale, counts.staleCalls());
            assertEquals(open, counts.timers());
            assertEquals(0, counts.errors());
        }

        /** Nobody speaks any more: each connection that is left dies, and nothing is left behind. */
        void outlive() {
            for (int i = 0; i < 60_000 && open > 0; i++) {
                turn(i < 200 ? 500 : 100_000);
                open = (int) lines.values().stream().filter(Line::isOpen).count();
            }
            compare(new Operation(Kind.TURN, 0, 0));
            assertEquals(0, monitor.statistics().open());
            assertEquals(Long.MAX_VALUE, monitor.delayUntilNextNs(now()));
        }

        @Override
        public void sendProbe(long handle, int probeId) {
            told.get(handle).add("probe " + probeId);
            latestProbe.put(handle, probeId);
            Line line = lines.get(handle);
            if (line.writing) {
                monitor.probeSent(handle, probeId, now());
            }
        }

        @Override
        public void close(long handle, DeathCause cause) {
            told.get(handle).add("close " + cause.kind());
        }

        @Override
        public void onDead(long handle, DeathCause cause) {
            told.get(handle).add("dead " + cause.kind());
        }

        @Override
        public void onSuspect(long handle, long silenceNs) {
            told.get(handle).add("suspect");
        }

        @Override
        public void onRecovered(long handle) {
            told.get(handle).add("recovered");
        }

        @Override
        public void onAck(long handle, long roundTripNs) {
            told.get(handle).add("ack " + roundTripNs);
        }

        @Override
        public void onMiss(long handle, int misses) {
            told.get(handle).add("miss " + misses);
        }

        @Override
        public void onLateAck(long handle, int probeId) {
            told.get(handle).add("late " + probeId);
        }

        @Override
        public void onRefused(long handle, Refusal refusal) {
            told.get(handle).add("refused " + refusal);
        }
    }

    @Property(tries = 5)
    void theModelItself_seesAMiss(@ForAll(supplier = Origins.class) long originNs) {
        Line line = new Line(RULES.get(0), 0);
        line.turn(30 * SECOND);
        assertEquals(Flight.AWAITING, line.flight);
        line.turn(40 * SECOND + MS);
        assertEquals(List.of("probe 1", "probe 2", "miss 1", "suspect"), line.told);
    }
}
