package dev.heartbeat;

import static dev.heartbeat.Bench.MS;
import static dev.heartbeat.Bench.SECOND;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.Bench.What;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What strategies, transports, listeners and their thread's handler throw is told, and costs nobody else anything. */
class ThrowingPartsTest {
    private static final HeartbeatPolicy LISTENING = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(Duration.ofSeconds(10)))
            .build();

    private final Thread.UncaughtExceptionHandler usual = Thread.currentThread().getUncaughtExceptionHandler();

    @AfterEach
    void putTheUsualHandlerBack() {
        Thread.currentThread().setUncaughtExceptionHandler(usual);
    }

    /** Notes what is called; each call may be given a way to misbehave. */
    private static class Calls implements HeartbeatListener, HeartbeatTransport {
        final List<String> told = new ArrayList<>();

        @Override
        public void onDead(long handle, DeathCause cause) {
            told.add("dead");
        }

        @Override
        public void onSuspect(long handle, long silenceNs) {
            told.add("suspect");
        }

        @Override
        public void onRecovered(long handle) {
            told.add("recovered");
        }

        @Override
        public void onError(long handle, Exception error) {
            told.add("error");
        }

        @Override
        public void sendProbe(long handle, int probeId) {
            told.add("probe");
        }

        @Override
        public void close(long handle, DeathCause cause) {
            told.add("close");
        }
    }

    /** A strategy that fails so many times, from when it is told to. */
    private static final class Failing implements IntervalStrategy {
        int times;

        @Override
        public long intervalNs(Link link, long nowNs) {
            if (times > 0) {
                times--;
                throw new IllegalStateException("strategy");
            }
            return 30 * SECOND;
        }
    }

    private static void pollEachSecond(HeartbeatMonitor monitor, int from, int to) {
        for (long second = from; second < to; second++) {
            monitor.poll(second * SECOND, 100);
        }
    }

    // ---- those who are told of errors

    @Test
    void onError_thatThrowsWhatItWasTold_takesNoDeathAway() {
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
        Calls calls = new Calls() {
            @Override
            public void close(long handle, DeathCause cause) {
                throw new IllegalStateException("close");
            }

            @Override
            public void onError(long handle, Exception error) {
                throw (RuntimeException) error;
            }
        };
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build(calls, 0);
        monitor.open(calls, LISTENING, 0);
        assertDoesNotThrow(() -> pollEachSecond(monitor, 1, 40));
        assertEquals(List.of("dead"), calls.told);
    }

    @Test
    void threadsHandler_thatThrows_takesNoDeathAway() {
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {
            throw new IllegalStateException("handler");
        });
        Calls calls = new Calls() {
            @Override
            public void close(long handle, DeathCause cause) {
                throw new IllegalStateException("close");
            }

            @Override
            public void onError(long handle, Exception error) {
                throw new IllegalStateException(error);
            }
        };
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build(calls, 0);
        monitor.open(calls, LISTENING, 0);
        assertDoesNotThrow(() -> pollEachSecond(monitor, 1, 40));
        assertEquals(List.of("dead"), calls.told);
    }

    @Test
    void close_inOnErrorWhileASuspectRecovers_isTheLastThatIsTold() {
        HeartbeatMonitor[] monitor = new HeartbeatMonitor[1];
        Calls calls = new Calls() {
            @Override
            public void onError(long handle, Exception error) {
                told.add("error");
                monitor[0].close(handle);
            }
        };
        FailureDetector suspicious = new FailureDetector() {
            @Override
            public long suspectAfterNs(Peer peer) {
                return SECOND;
            }

            @Override
            public long deadAfterNs(Peer peer) {
                return 2 * peer.expectedIntervalNs();
            }

            @Override
            public double suspicion(Peer peer, long nowNs) {
                return 0;
            }
        };
        Failing failing = new Failing();
        monitor[0] = HeartbeatMonitor.builder().build(calls, 0);
        long handle = monitor[0].open(
                calls,
                HeartbeatPolicy.builder()
                        .interval(failing)
                        .probeWhen(Quiet.NEVER)
                        .failureDetector(suspicious)
                        .build(),
                0);
        monitor[0].poll(1_000 * MS, 10);
        monitor[0].poll(1_100 * MS, 10);
        assertEquals(List.of("suspect"), calls.told);
        failing.times = 1;
        monitor[0].received(handle, 1_200 * MS);
        assertEquals(List.of("suspect", "error"), calls.told);
    }

    @Test
    void error_ofOnErrorWhileAConnectionOpens_leavesNoneThatNobodyKnows() {
        Calls calls = new Calls() {
            @Override
            public void onError(long handle, Exception error) {
                throw new AssertionError("listener");
            }
        };
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build(calls, 0);
        HeartbeatPolicy policy =
                HeartbeatPolicy.builder().interval((link, nowNs) -> 0).build();
        assertThrows(AssertionError.class, () -> monitor.open(calls, policy, 0));
        assertEquals(0, monitor.statistics().open());
        assertEquals(Long.MAX_VALUE, monitor.delayUntilNextNs(0));
    }

    // ---- strategies

    @Test
    void strategy_thatThrows_isToldAndCostsTheHostsCallsNothing() {
        Failing failing = new Failing();
        Bench bench = new Bench(0);
        long handle = bench.open(HeartbeatPolicy.builder().interval(failing).build());
        failing.times = Integer.MAX_VALUE;
        assertDoesNotThrow(() -> bench.monitor.probeNow(handle, bench.now()));
        assertDoesNotThrow(() -> bench.monitor.networkChanged(handle, bench.now()));
        assertDoesNotThrow(() -> bench.monitor.phase(handle, Phase.BACKGROUND, bench.now()));
        assertDoesNotThrow(() -> bench.monitor.phase(handle, Phase.FOREGROUND, bench.now()));
        assertDoesNotThrow(() -> bench.monitor.policy(handle, HeartbeatPolicy.client(), bench.now()));
        assertEquals("strategy", bench.errors.get(0).getMessage());
    }

    @Test
    void strategy_thatThrowsForEver_stopsNoKeepAlive() {
        Failing failing = new Failing();
        Bench bench = new Bench(0);
        bench.answerAfterNs = 10 * MS;
        bench.open(HeartbeatPolicy.builder().interval(failing).build());
        failing.times = Integer.MAX_VALUE;
        bench.run(Duration.ofSeconds(120));
        assertTrue(bench.count(What.PROBE) >= 4, "probes " + bench.count(What.PROBE));
        assertEquals(0, bench.count(What.DEAD));
    }

    @Test
    void lastWord_isAskedThoughTheStrategyThrows() {
        Failing failing = new Failing();
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(failing)
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(1.5))
                .reverseProbe(true)
                .build();
        Bench bench = new Bench(0);
        bench.answerAfterNs = 50 * MS;
        long handle = bench.open(policy);
        bench.monitor.announced(handle, 30 * SECOND, bench.now());
        bench.run(Duration.ofSeconds(40));
        failing.times = 1;
        bench.run(Duration.ofSeconds(20));
        assertEquals(1, bench.count(What.PROBE));
        assertEquals(0, bench.count(What.DEAD));
    }

    // ---- transports

    @Test
    void error_ofATransportInProbeNow_leavesTheDeadlineForWhatIsUnwritten() {
        Calls calls = new Calls() {
            @Override
            public void sendProbe(long handle, int probeId) {
                throw new AssertionError("transport");
            }
        };
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build(calls, 0);
        long handle = monitor.open(
                calls, HeartbeatPolicy.builder().interval(Duration.ofHours(1)).build(), 0);
        monitor.poll(0, 10);
        assertThrows(AssertionError.class, () -> monitor.probeNow(handle, SECOND));
        pollEachSecond(monitor, 2, 60);
        assertEquals(List.of("close", "dead"), calls.told);
    }
}
