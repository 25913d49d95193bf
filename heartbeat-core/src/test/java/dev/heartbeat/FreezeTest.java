package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.testkit.ClockOrigins;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process is stopped for half a minute while twenty thousand peers go on beating. When it continues, nobody who
 * lives is declared dead, whether the beats that waited arrive late or are lost, and those who died meanwhile are found.
 * The benchmarks do the same to a real process with a million connections.
 */
class FreezeTest implements HeartbeatTransport {
    private static final long SECOND = 1_000_000_000L;
    private static final long TURN = SECOND / 10;
    private static final long TICK = 16_000_000L;
    private static final long INTERVAL = 20 * SECOND;
    private static final long TIMEOUT = 40 * SECOND;
    private static final long FREEZE_AT = 25 * SECOND;
    private static final long FREEZE = 30 * SECOND;
    private static final long END = FREEZE_AT + FREEZE + TIMEOUT + 5 * SECOND;
    private static final int PEERS = 20_000;
    private static final int MORTAL = 100; // every so manieth dies during the freeze

    private final long[] handles = new long[PEERS];
    private final long[] deadAt = new long[PEERS];
    private long elapsed;

    static long[] origins() {
        return ClockOrigins.all();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void poll_afterFreezeWithLateBeats_onlyTheDeadAreDead(long origin) {
        run(origin, true);
        assertOnlyTheDeadAreFoundInTime();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void poll_afterFreezeWithLostBeats_onlyTheDeadAreDead(long origin) {
        run(origin, false);
        assertOnlyTheDeadAreFoundInTime();
    }

    /** The control: without the guard, about half of all are declared dead. */
    @ParameterizedTest
    @MethodSource("origins")
    void naiveExpiry_afterFreeze_buriesTheLiving(long origin) {
        long[] lastBeat = new long[PEERS];
        for (int peer = 0; peer < PEERS; peer++) {
            lastBeat[peer] = origin + lastBeatBefore(peer, FREEZE_AT);
        }
        long now = origin + FREEZE_AT + FREEZE;
        long buried = Arrays.stream(lastBeat).filter(at -> now - at >= TIMEOUT).count();
        assertTrue(buried > PEERS / 3, "naively declared dead: " + buried);
    }

    private void run(long origin, boolean late) {
        Arrays.fill(deadAt, -1);
        HeartbeatMonitor monitor = HeartbeatMonitor.builder()
                .initialCapacity(PEERS)
                .build((handle, cause) -> deadAt[(int) handle] = elapsed, origin);
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofNanos(TIMEOUT)))
                .build();
        for (int peer = 0; peer < PEERS; peer++) {
            handles[peer] = monitor.open(this, policy, origin);
            assertEquals(peer, (int) handles[peer]);
        }
        elapsed = 0;
        while (elapsed < END) {
            long before = elapsed;
            elapsed += before == FREEZE_AT ? FREEZE : TURN;
            if (late || elapsed - before == TURN) {
                hear(monitor, origin, before);
            }
            while (monitor.poll(origin + elapsed, 256) == 256) {
                assertTrue(monitor.statistics().open() <= PEERS);
            }
        }
        assertEquals(1, monitor.statistics().stalls());
    }

    /** Hears what was sent after {@code before}, up to now. */
    private void hear(HeartbeatMonitor monitor, long origin, long before) {
        for (int peer = 0; peer < PEERS; peer++) {
            if (lastBeatBefore(peer, elapsed) > before) {
                monitor.received(handles[peer], origin + elapsed);
            }
        }
    }

    private static long phase(int peer) {
        return peer * (INTERVAL / PEERS);
    }

    private static boolean isMortal(int peer) {
        return peer % MORTAL == 0;
    }

    private static long dies(int peer) {
        return isMortal(peer) ? FREEZE_AT + (peer * 7919L % PEERS) * (FREEZE / PEERS) : Long.MAX_VALUE;
    }

    /** When the peer sent its last beat until then; 0 if none. */
    private static long lastBeatBefore(int peer, long elapsed) {
        long until = Math.min(elapsed, dies(peer)) - phase(peer);
        return until < 0 ? 0 : phase(peer) + until / INTERVAL * INTERVAL;
    }

    private void assertOnlyTheDeadAreFoundInTime() {
        for (int peer = 0; peer < PEERS; peer++) {
            if (isMortal(peer)) {
                assertTrue(deadAt[peer] >= 0, "not found: " + peer);
                long latest = dies(peer) + TIMEOUT + FREEZE + TICK + TURN;
                assertTrue(deadAt[peer] <= latest, peer + " found at " + deadAt[peer] + ", latest " + latest);
            } else {
                assertEquals(-1, deadAt[peer], "falsely dead: " + peer);
            }
        }
    }

    @Override
    public void sendProbe(long handle, int probeId) {}

    @Override
    public void close(long handle, DeathCause cause) {}
}
