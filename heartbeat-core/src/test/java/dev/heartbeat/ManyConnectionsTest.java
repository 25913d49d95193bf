package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.testkit.ClockOrigins;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where many are watched, they are looked at together, a little before they may be due: no verdict comes the earlier. */
class ManyConnectionsTest implements HeartbeatTransport {
    private static final long SECOND = 1_000_000_000L;
    private static final long TICK = 16_000_000L;
    private static final long TIMEOUT = 60 * SECOND;
    private static final int PEERS = 40_000;
    private static final int MORTAL = 50; // every so manieth falls silent after its last beat

    private final long[] handles = new long[PEERS];
    private final long[] lastBeat = new long[PEERS];
    private int deaths;
    private int turnsWithWork;
    private long now;

    static long[] origins() {
        return ClockOrigins.all();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void poll_everyTick_findsTheSilentNeitherEarlyNorMoreThanATickLate(long origin) {
        HeartbeatMonitor monitor =
                HeartbeatMonitor.builder().initialCapacity(PEERS).build(this::dead, origin);
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofNanos(TIMEOUT)))
                .build();
        SplittableRandom random = new SplittableRandom(7);
        now = origin;
        for (int peer = 0; peer < PEERS; peer++) {
            handles[peer] = monitor.open(this, policy, now);
            lastBeat[peer] = now;
        }
        long beats = PEERS * TICK / (20 * SECOND);
        int turns = (int) (3 * TIMEOUT / TICK);
        for (int turn = 0; turn < turns; turn++) {
            now += TICK;
            for (int i = 0; i < beats; i++) {
                beat(monitor, random.nextInt(PEERS), turn);
            }
            for (int peer = turn % 2_000; peer < PEERS; peer += 2_000) {
                beat(monitor, peer, turn); // nobody else is ever silent for long
            }
            turnsWithWork += monitor.poll(now, Integer.MAX_VALUE) > 0 ? 1 : 0;
        }
        assertEquals(PEERS / MORTAL, deaths);
        assertEquals(PEERS - deaths, monitor.statistics().open());
        // Those that are heard come up in a turn out of eight; the silent have turns of their own.
        assertTrue(turnsWithWork < turns / 4 + deaths, "turns with work: " + turnsWithWork + " of " + turns);
    }

    private void beat(HeartbeatMonitor monitor, int peer, int turn) {
        boolean silent = peer % MORTAL == 0 && turn > peer % 2_000;
        if (!silent) {
            monitor.received(handles[peer], now);
            lastBeat[peer] = now;
        }
    }

    private void dead(long handle, DeathCause cause) {
        int peer = 0;
        while (handles[peer] != handle) {
            peer++;
        }
        long silence = now - lastBeat[peer];
        assertTrue(silence >= TIMEOUT && silence < TIMEOUT + 2 * TICK, "silent for " + silence);
        deaths++;
    }

    @Override
    public void sendProbe(long handle, int probeId) {}

    @Override
    public void close(long handle, DeathCause cause) {}
}
