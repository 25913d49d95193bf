package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetectors;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The way of a packet and of a heartbeat allocates nothing once all has been seen.
 *
 * <p>The virtual machine itself may allocate on our thread now and then, when it compiles or deoptimizes; so the best of
 * several rounds has to be 0, not each. A single allocation per call would show in all of them.
 */
class AllocationTest {
    private static final int CONNECTIONS = 200;
    private static final int ROUNDS = 15;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final class Echo implements HeartbeatTransport, HeartbeatListener {
        long[] waiting = new long[CONNECTIONS];
        int[] probes = new int[CONNECTIONS];
        int size;

        @Override
        public void sendProbe(long handle, int probeId) {
            waiting[size] = handle;
            probes[size++] = probeId;
        }

        @Override
        public void close(long handle, DeathCause cause) {}

        @Override
        public void onDead(long handle, DeathCause cause) {}
    }

    private long leastAllocated(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            round.run();
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            least = Math.min(least, after - before);
        }
        return least;
    }

    private long overhead() {
        return leastAllocated(() -> {});
    }

    @Test
    void heartbeats_fromProbeToAckAndMiss_allocateNothing() {
        Echo echo = new Echo();
        HeartbeatMonitor monitor = HeartbeatMonitor.builder().build((HeartbeatListener) echo, 0);
        HeartbeatPolicy[] policies = {
            HeartbeatPolicy.builder()
                    .jitter(0.3)
                    .failureDetector(FailureDetectors.consecutiveMisses(250))
                    .build(),
            HeartbeatPolicy.builder()
                    .failureDetector(FailureDetectors.missesOfLast(60, 63))
                    .ackTimeout(AckTimeout.adaptive()
                            .between(Duration.ofSeconds(1), Duration.ofSeconds(10))
                            .build())
                    .build(),
            HeartbeatPolicy.server()
        };
        long[] handles = new long[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            handles[i] = monitor.open(echo, policies[i % policies.length], 0);
        }
        long[] nowNs = {0};
        Runnable tenMinutes = () -> {
            for (int second = 0; second < 600; second++) {
                nowNs[0] += 1_000_000_000L;
                for (int i = 0; i < CONNECTIONS; i++) {
                    if ((second + i) % 40 == 0) {
                        monitor.received(handles[i], nowNs[0]);
                    }
                    if ((second + i) % 70 == 0) {
                        monitor.sent(handles[i], nowNs[0]);
                        monitor.pinged(handles[i], nowNs[0]);
                        monitor.announced(handles[i], 30_000_000_000L, nowNs[0]);
                    }
                }
                int asked = echo.size;
                echo.size = 0;
                for (int i = 0; i < asked; i++) {
                    monitor.probeSent(echo.waiting[i], echo.probes[i], nowNs[0]);
                    if ((second + i) % 3 != 0) {
                        monitor.acked(echo.waiting[i], echo.probes[i], nowNs[0]);
                    }
                }
                monitor.poll(nowNs[0], HeartbeatMonitor.DEFAULT_LIMIT);
                monitor.delayUntilNextNs(nowNs[0]);
            }
        };
        assertEquals(overhead(), leastAllocated(tenMinutes));
        MonitorStatistics counts = monitor.statistics();
        assertTrue(counts.acks() > 1_000 && counts.misses() > 1_000, counts.toString());
        assertEquals(CONNECTIONS, counts.open());
        assertEquals(CONNECTIONS, Arrays.stream(handles).distinct().count());
    }

    @Test
    void theMeasurementItself_seesAnAllocation() {
        Object[] kept = new Object[1];
        long allocated = leastAllocated(() -> kept[0] = new long[10]);
        assertTrue(allocated > overhead(), "allocated " + allocated);
    }
}
