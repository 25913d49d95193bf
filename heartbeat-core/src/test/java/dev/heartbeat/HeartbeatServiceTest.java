package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service with its threads. Waits for what happens, never for time to pass. */
@Timeout(60)
class HeartbeatServiceTest {
    private static final HeartbeatListener NOBODY = (handle, cause) -> {};
    private static final HeartbeatPolicy PATIENT = HeartbeatPolicy.server();
    private static final HeartbeatPolicy HASTY = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(Duration.ofMillis(40)))
            .build();

    private static HeartbeatTransport closing(Runnable onClose) {
        return transport((handle, probeId) -> {}, onClose);
    }

    private interface Probing {
        void sendProbe(long handle, int probeId);
    }

    private static HeartbeatTransport transport(Probing onProbe, Runnable onClose) {
        return new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {
                onProbe.sendProbe(handle, probeId);
            }

            @Override
            public void close(long handle, DeathCause cause) {
                onClose.run();
            }
        };
    }

    private static ServiceBuilder builder() {
        return HeartbeatService.builder().shards(2).tick(Duration.ofMillis(1));
    }

    /** Waits until the service's threads have acted on all that was handed over before. */
    private static void settle(HeartbeatService service, int connections) throws InterruptedException {
        CountDownLatch acted = new CountDownLatch(2 * connections);
        List<WatchedConnection> some = new ArrayList<>();
        for (int i = 0; i < 2 * connections; i++) {
            WatchedConnection watched =
                    service.open(transport((handle, probeId) -> acted.countDown(), () -> {}), HeartbeatPolicy.client());
            watched.probeNow();
            some.add(watched);
        }
        assertTrue(acted.await(30, TimeUnit.SECONDS));
        some.forEach(WatchedConnection::close);
    }

    @Test
    void silentPeer_dies_onADaemonNamedForIt() throws InterruptedException {
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (HeartbeatService service = builder().start((handle, cause) -> {
            assertTrue(Thread.currentThread().isDaemon());
            told.add(Thread.currentThread().getName() + " " + handle + " " + cause.kind());
        })) {
            WatchedConnection watched = service.open(closing(() -> {}), HASTY);
            String line = told.poll(30, TimeUnit.SECONDS);
            assertTrue(line.matches("heartbeat-\\d+ " + watched.handle() + " PEER_SILENT"), line);
        }
    }

    @Test
    void marks_fromManyThreads_keepAliveAndTheSilentDie() throws InterruptedException {
        AtomicInteger deaths = new AtomicInteger();
        CountDownLatch silentDied = new CountDownLatch(20);
        Set<Long> marked = ConcurrentHashMap.newKeySet();
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofMillis(400)))
                .build();
        HeartbeatListener listener = (handle, cause) -> {
            deaths.incrementAndGet();
            assertFalse(marked.contains(handle));
            silentDied.countDown();
        };
        try (HeartbeatService service = builder().start(listener)) {
            List<WatchedConnection> busy = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                WatchedConnection watched = service.open(closing(() -> {}), policy);
                marked.add(watched.handle());
                busy.add(watched);
                service.open(closing(() -> {}), policy);
            }
            while (!silentDied.await(5, TimeUnit.MILLISECONDS)) {
                busy.forEach(WatchedConnection::received);
            }
            assertEquals(20, deaths.get());
        }
    }

    @Test
    void open_afterClose_isRefusedWithAClearMessage() {
        HeartbeatService service = builder().start(NOBODY);
        WatchedConnection watched = service.open(closing(() -> {}), PATIENT);
        service.close();
        service.close();
        assertEquals(Liveness.CLOSED, watched.liveness());
        watched.received();
        watched.acked(1);
        watched.close();
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> service.open(closing(() -> {}), PATIENT));
        assertEquals("open: the service is closed (expected: before close())", refused.getMessage());
    }

    @Test
    void open_beyondTheCapacity_isRefusedUntilAPlaceIsFree() throws InterruptedException {
        try (HeartbeatService service = builder().capacityPerShard(2).start(NOBODY)) {
            List<WatchedConnection> open = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                open.add(service.open(closing(() -> {}), PATIENT));
            }
            assertThrows(IllegalStateException.class, () -> service.open(closing(() -> {}), PATIENT));
            open.get(2).close();
            WatchedConnection again = null;
            while (again == null) {
                try {
                    again = service.open(closing(() -> {}), PATIENT);
                } catch (IllegalStateException e) {
                    Thread.onSpinWait();
                }
            }
            assertEquals(Liveness.ALIVE, again.liveness());
        }
    }

    @Test
    void close_fromACallback_doesNotWaitForItself() throws InterruptedException {
        AtomicReference<HeartbeatService> it = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch known = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        HeartbeatService service = builder()
                .threadFactory(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    threads.add(thread);
                    return thread;
                })
                .start((handle, cause) -> {
                    try {
                        known.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    it.get().close();
                    closed.countDown();
                });
        it.set(service);
        known.countDown();
        service.open(closing(() -> {}), HASTY);
        assertTrue(closed.await(30, TimeUnit.SECONDS));
        for (Thread thread : threads) {
            thread.join(30_000);
            assertFalse(thread.isAlive());
        }
    }

    @Test
    void close_whileEverythingHappens_isTheLastThatIsTold() throws Exception {
        for (int round = 0; round < 20; round++) {
            AtomicLong told = new AtomicLong();
            HeartbeatService service = builder().start((handle, cause) -> told.incrementAndGet());
            for (int i = 0; i < 200; i++) {
                service.open(closing(told::incrementAndGet), HASTY).lost(DeathCause.Kind.ABUSE, "");
            }
            service.close();
            long then = told.get();
            service.close();
            assertEquals(then, told.get());
        }
    }

    @Test
    void errorInACallback_isToldToTheThreadsHandlerAndOthersAreServed() throws InterruptedException {
        LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        CountDownLatch died = new CountDownLatch(9);
        try (HeartbeatService service = HeartbeatService.builder()
                .shards(1)
                .tick(Duration.ofMillis(1))
                .threadFactory(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    thread.setUncaughtExceptionHandler((where, thrown) -> uncaught.add(thrown));
                    return thread;
                })
                .start((handle, cause) -> {
                    if (handle == 3) {
                        throw new AssertionError("on purpose");
                    }
                    died.countDown();
                })) {
            for (int i = 0; i < 10; i++) {
                service.open(closing(() -> {}), HASTY);
            }
            assertTrue(died.await(30, TimeUnit.SECONDS));
            assertEquals("on purpose", uncaught.take().getMessage());
            settle(service, 1);
            assertEquals(10, service.statistics().total().dead());
        }
    }

    @Test
    void interruptOfAServicesThread_isForgotten() throws InterruptedException {
        AtomicInteger turns = new AtomicInteger();
        NanoClock clock = () -> {
            turns.incrementAndGet();
            return System.nanoTime();
        };
        List<Thread> threads = new ArrayList<>();
        try (HeartbeatService service = HeartbeatService.builder()
                .shards(1)
                .clock(clock)
                .threadFactory(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    threads.add(thread);
                    return thread;
                })
                .start(NOBODY)) {
            settle(service, 1);
            threads.get(0).interrupt();
            // It is forgotten when the thread next lies down, which may be a few turns from now.
            for (int i = 0; i < 50 && threads.get(0).isInterrupted(); i++) {
                settle(service, 1);
            }
            assertFalse(threads.get(0).isInterrupted());
            settle(service, 3);
            assertTrue(turns.get() < 1000, () -> turns + " readings of the clock: it never slept again");
        }
    }

    @Test
    void eventsOfManyThreads_areActedOnOrCountedAsDropped() throws Exception {
        int threads = 3;
        int each = 40_000;
        try (HeartbeatService service = builder().commandCapacity(64).start(NOBODY)) {
            WatchedConnection[] watched = new WatchedConnection[4];
            for (int i = 0; i < watched.length; i++) {
                watched[i] = service.open(closing(() -> {}), PATIENT);
            }
            race(threads, me -> {
                for (int i = 0; i < each; i++) {
                    watched[(me + i) & 3].acked(70_000 + i); // nobody's: refused, and counted
                }
            });
            long total = 0;
            while (total < (long) threads * each) {
                settle(service, 1);
                ServiceStatistics statistics = service.statistics();
                total = statistics.total().refused() + statistics.dropped();
            }
            assertEquals((long) threads * each, total);
        }
    }

    /** The stress for wishes: whatever threads do at once, nobody is lost and each ends exactly once. */
    @Test
    void connectionsOpenedClosedLostAndSilent_byManyThreads_endExactlyOnce() throws Exception {
        int threads = 3;
        int each = 3000;
        Set<Long> dead = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        AtomicInteger toldAfterClose = new AtomicInteger();
        Set<Long> closedBefore = ConcurrentHashMap.newKeySet();
        try (HeartbeatService service = builder().commandCapacity(16).start((handle, cause) -> {
            if (!dead.add(handle)) {
                twice.incrementAndGet();
            }
            if (closedBefore.contains(handle)) {
                toldAfterClose.incrementAndGet();
            }
        })) {
            race(threads, me -> {
                Random random = new Random(me);
                for (int i = 0; i < each; i++) {
                    int what = random.nextInt(4);
                    // What is closed must not be dead before, however slow this thread is.
                    WatchedConnection watched = service.open(closing(() -> {}), what == 0 ? PATIENT : HASTY);
                    watched.pinged();
                    if (what == 0) {
                        watched.close();
                        closedBefore.add(watched.handle());
                    } else if (what == 1) {
                        watched.lost(DeathCause.Kind.CLOSED_BY_PEER, "");
                    } else if (what == 2) {
                        watched.policy(PATIENT);
                        watched.policy(HASTY);
                    }
                }
            });
            MonitorStatistics total;
            do {
                settle(service, 1);
                total = service.statistics().total();
                assertEquals(total.opened(), total.open() + total.closed() + total.dead());
            } while (total.open() > 0);
            assertEquals(0, twice.get());
            assertEquals(0, toldAfterClose.get());
            assertEquals(dead.size(), total.dead());
        }
    }

    @Test
    void openAndClose_atOnce_openIsRefusedOrWatched() throws Exception {
        for (int round = 0; round < 200; round++) {
            HeartbeatService service = HeartbeatService.builder().shards(1).start(NOBODY);
            AtomicReference<Object> outcome = new AtomicReference<>();
            race(2, me -> {
                if (me == 0) {
                    service.close();
                } else {
                    try {
                        outcome.set(service.open(closing(() -> {}), PATIENT));
                    } catch (IllegalStateException e) {
                        outcome.set(e);
                    }
                }
            });
            if (outcome.get() instanceof WatchedConnection watched) {
                assertEquals(Liveness.CLOSED, watched.liveness());
            }
        }
    }

    private interface Racer {
        void run(int me) throws Exception;
    }

    private static void race(int threads, Racer racer) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int me = i;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    racer.run(me);
                } catch (Exception | AssertionError e) {
                    failures.add(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }
}
