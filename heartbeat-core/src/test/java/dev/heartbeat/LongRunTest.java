package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two days of coming and going, with stalls of our own: what is counted adds up at any time, nobody is lost, and nothing
 * grows. The benchmarks do the same for a week with a million connections.
 */
class LongRunTest implements HeartbeatTransport {
    private static final long SECOND = 1_000_000_000L;
    private static final long INTERVAL = 300 * SECOND;
    private static final long TIMEOUT = 750 * SECOND;
    private static final int PEERS = 2_000;
    private static final int DAYS = 2;

    private static final HeartbeatPolicy POLICY = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(Duration.ofNanos(TIMEOUT)))
            .build();

    private final int[] peerOf = new int[PEERS];
    private final List<Integer> reborn = new ArrayList<>();
    private final long[] handles = new long[PEERS];
    private final BitSet silent = new BitSet(PEERS);
    private final long[] silentSince = new long[PEERS];
    private HeartbeatMonitor monitor = HeartbeatMonitor.builder().build((handle, cause) -> {}, 0);
    private long now;
    private long stalled;
    private long silenced;
    private long falselyDead;

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 100_000_000_000_000L})
    void poll_daysOfChurnAndStalls_countsAddUpAndNothingGrows(long origin) {
        Random random = new Random(11);
        now = origin;
        monitor = HeartbeatMonitor.builder()
                .tick(Duration.ofSeconds(1))
                .capacity(PEERS)
                .build(this::dead, now);
        for (int peer = 0; peer < PEERS; peer++) {
            open(peer);
        }
        for (int second = 0; second < DAYS * 86_400; second++) {
            now += SECOND;
            if (random.nextInt(7200) == 0) {
                long stall = (5 + random.nextInt(300)) * SECOND;
                now += stall;
                stalled += stall;
            }
            for (int peer = second % 300; peer < PEERS; peer += 300) {
                if (!silent.get(peer)) {
                    monitor.received(handles[peer], now);
                }
            }
            churn(random);
            monitor.poll(now, HeartbeatMonitor.DEFAULT_LIMIT);
            reborn.forEach(this::open);
            reborn.clear();
            if (second % 3600 == 0) {
                assertAddsUp();
            }
        }
        assertEquals(0, falselyDead);
        assertTrue(silenced > 1000, "silenced: " + silenced);
        assertEquals(silenced - silent.cardinality(), monitor.statistics().dead());
        assertTrue(monitor.statistics().stalls() > 5);
        for (int peer = 0; peer < PEERS; peer++) {
            monitor.close(handles[peer]);
        }
        monitor.poll(now + 2 * TIMEOUT, Integer.MAX_VALUE);
        assertEquals(0, monitor.statistics().open());
        assertEquals(0, monitor.statistics().timers());
        assertEquals(0, monitor.statistics().wheelEntries());
    }

    private void churn(Random random) {
        int peer = random.nextInt(PEERS);
        if (!silent.get(peer) && random.nextInt(10) == 0) {
            monitor.close(handles[peer]);
            open(peer);
        }
        int mute = random.nextInt(PEERS);
        if (!silent.get(mute) && random.nextInt(60) == 0) {
            silent.set(mute);
            silentSince[mute] = now;
            silenced++;
        }
    }

    private void open(int peer) {
        handles[peer] = monitor.open(this, POLICY, now);
        peerOf[(int) handles[peer]] = peer;
    }

    private void dead(long handle, DeathCause cause) {
        int peer = peerOf[(int) handle];
        if (!silent.get(peer)) {
            falselyDead++;
        }
        long since = now - silentSince[peer];
        assertTrue(since >= TIMEOUT - INTERVAL, "early by " + (TIMEOUT - INTERVAL - since));
        assertTrue(since <= TIMEOUT + stalled + 3 * SECOND, "late: " + Duration.ofNanos(since));
        silent.clear(peer);
        reborn.add(peer); // its slot is free only when this returns
    }

    private void assertAddsUp() {
        MonitorStatistics counts = monitor.statistics();
        assertEquals(counts.opened(), counts.open() + counts.closed() + counts.dead());
        assertEquals(PEERS, counts.open());
        assertEquals(PEERS, counts.timers());
        assertTrue(counts.wheelEntries() <= 2L * PEERS + 8192, "entries: " + counts.wheelEntries());
    }

    @Override
    public void sendProbe(long handle, int probeId) {}

    @Override
    public void close(long handle, DeathCause cause) {}
}
