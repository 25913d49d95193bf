package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Promises 4, 12, 13 and 14: listeners and transports that throw and call back in, in each of their calls. */
class ListenerPropertiesTest {
    private static final int CAPACITY = 12;
    private static final List<HeartbeatPolicy> POLICIES = List.of(
            HeartbeatPolicy.client(),
            HeartbeatPolicy.server(),
            HeartbeatPolicy.builder()
                    .interval(Duration.ofSeconds(5))
                    .ackTimeout(Duration.ofSeconds(2))
                    .build());

    @Property(tries = 200)
    void whateverCallbacksDo_countsAddUpAndNobodyIsTouchedTwice(
            @ForAll(supplier = Origins.class) long originNs, @ForAll long seed) {
        Mob mob = new Mob(originNs, seed);
        for (int i = 0; i < 400; i++) {
            mob.elapsedNs += (long) (mob.random.nextDouble() * 3 * SECOND) + MS;
            mob.somethingHappens();
            mob.monitor.poll(mob.now(), 1 + mob.random.nextInt(50));
            mob.check();
        }
        mob.calm = true;
        for (int i = 0; i < 400; i++) {
            mob.elapsedNs += SECOND;
            mob.monitor.poll(mob.now(), Bench.ALL);
        }
        mob.check();
        assertEquals(0, mob.monitor.statistics().open());
        assertEquals(0, mob.monitor.statistics().timers());
        assertEquals(mob.thrown, mob.monitor.statistics().errors());
        assertEquals(mob.thrown, mob.errorsTold);
    }

    @Property(tries = 60)
    void listenerThatAlwaysThrows_costsNobodyAnything(@ForAll(supplier = Origins.class) long originNs) {
        List<Long> dead = new ArrayList<>();
        HeartbeatListener throwing = new HeartbeatListener() {
            @Override
            public void onDead(long handle, DeathCause cause) {
                dead.add(handle);
                throw new IllegalStateException("dead");
            }

            @Override
            public void onMiss(long handle, int misses) {
                throw new IllegalStateException("miss");
            }

            @Override
            public void onSuspect(long handle, long silenceNs) {
                throw new IllegalStateException("suspect");
            }

            @Override
            public void onError(long handle, Exception error) {}
        };
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build(throwing, originNs);
        Set<Long> open = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            open.add(monitor.open(new Bench(0), HeartbeatPolicy.client(), originNs));
        }
        for (long atNs = 0; atNs <= 92 * SECOND; atNs += 100 * MS) {
            monitor.poll(originNs + atNs, Bench.ALL);
        }
        assertEquals(open, new HashSet<>(dead));
        assertEquals(open.size(), dead.size());
    }

    /** Callbacks that do anything that they may, by chance. */
    private static final class Mob implements HeartbeatListener, HeartbeatTransport {
        final long originNs;
        final Random random;
        final HeartbeatMonitor monitor;
        final List<Long> handles = new ArrayList<>();
        final Set<Long> ended = new HashSet<>();
        boolean calm;
        long elapsedNs;
        long thrown;
        long errorsTold;
        long opened;
        long closed;
        long dead;
        int depth;

        Mob(long originNs, long seed) {
            this.originNs = originNs;
            random = new Random(seed);
            HeartbeatListener me = this;
            monitor = HeartbeatMonitor.builder()
                    .tick(Duration.ofMillis(1))
                    .capacity(CAPACITY)
                    .stallTolerance(Duration.ofHours(1))
                    .build(me, originNs);
        }

        long now() {
            return originNs + elapsedNs;
        }

        void somethingHappens() {
            for (int i = random.nextInt(4); i >= 0; i--) {
                act();
            }
        }

        private long anyHandle() {
            return handles.isEmpty()
                    ? 77
                    : handles.get(handles.size() - 1 - random.nextInt(Math.min(14, handles.size())));
        }

        private void act() {
            long handle = anyHandle();
            HeartbeatPolicy policy = POLICIES.get(random.nextInt(POLICIES.size()));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    if (monitor.statistics().open() < CAPACITY && depth == 0) {
                        handles.add(monitor.open(this, policy, now()));
                        opened++;
                    } else if (monitor.statistics().open() == CAPACITY) {
                        assertThrows(IllegalStateException.class, () -> monitor.open(this, policy, now()));
                    }
                }
                case 3 -> {
                    boolean open = isOpen(handle);
                    monitor.close(handle);
                    if (open) {
                        closed++;
                        ended.add(handle);
                        assertEquals(Liveness.CLOSED, monitor.liveness(handle));
                    }
                }
                case 4 -> monitor.lost(handle, DeathCause.Kind.TRANSPORT_ERROR, "", now());
                case 5 -> monitor.received(handle, now());
                case 6 -> monitor.acked(handle, random.nextInt(8), now());
                case 7 -> monitor.probeNow(handle, now());
                case 8 -> monitor.policy(handle, policy, now());
                case 9 -> monitor.phase(handle, random.nextBoolean() ? Phase.FOREGROUND : Phase.BACKGROUND, now());
                case 10 -> monitor.announced(handle, random.nextInt(100) * SECOND, now());
                default -> monitor.networkChanged(handle, now());
            }
        }

        private boolean isOpen(long handle) {
            Liveness liveness = monitor.liveness(handle);
            return liveness == Liveness.ALIVE || liveness == Liveness.SUSPECT;
        }

        void check() {
            MonitorStatistics counts = monitor.statistics();
            assertEquals(opened, counts.opened());
            assertEquals(closed, counts.closed());
            assertEquals(dead, counts.dead());
            assertEquals(opened - closed - dead, counts.open());
            assertEquals(counts.open(), counts.timers());
        }

        /** Each callback ends up here. */
        private void called(long handle) {
            assertFalse(ended.contains(handle), "told of " + handle + ", which has ended");
            if (calm || depth > 2) {
                return;
            }
            depth++;
            try {
                if (random.nextInt(3) == 0) {
                    act();
                }
                if (random.nextInt(40) == 0) {
                    assertThrows(IllegalStateException.class, () -> {
                        monitor.poll(now(), 1);
                        throw new IllegalStateException("not within a poll");
                    });
                }
            } finally {
                depth--;
            }
            if (random.nextInt(8) == 0) {
                thrown++;
                throw new IllegalStateException("made up");
            }
        }

        @Override
        public void sendProbe(long handle, int probeId) {
            assertTrue(isOpen(handle));
            monitor.probeSent(handle, probeId, now());
            called(handle);
        }

        @Override
        public void close(long handle, DeathCause cause) {
            assertNotNull(cause);
            called(handle);
        }

        @Override
        public void onDead(long handle, DeathCause cause) {
            dead++;
            try {
                called(handle);
            } finally {
                ended.add(handle);
            }
        }

        @Override
        public void onSuspect(long handle, long silenceNs) {
            assertEquals(Liveness.SUSPECT, monitor.liveness(handle));
            called(handle);
        }

        @Override
        public void onRecovered(long handle) {
            assertEquals(Liveness.ALIVE, monitor.liveness(handle));
            called(handle);
        }

        @Override
        public void onAck(long handle, long roundTripNs) {
            assertTrue(roundTripNs >= 0);
            called(handle);
        }

        @Override
        public void onMiss(long handle, int misses) {
            assertTrue(misses > 0);
            called(handle);
        }

        @Override
        public void onLateAck(long handle, int probeId) {
            called(handle);
        }

        @Override
        public void onRefused(long handle, Refusal refusal) {
            called(handle);
        }

        @Override
        public void onError(long handle, Exception error) {
            if (!"made up".equals(error.getMessage())) {
                throw new AssertionError(error);
            }
            errorsTold++;
        }
    }
}
