package dev.heartbeat.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.Phase;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's window follows the interval that the client announces, and never cuts one that is well. */
@Timeout(60)
class FollowTest {
    /** Cuts after one and a half intervals, without asking back. */
    private static final HeartbeatPolicy SERVER = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .interval(Duration.ofMillis(600))
            .failureDetector(FailureDetectors.silence(1.5))
            .announcedBetween(Duration.ofMillis(10), Duration.ofSeconds(10))
            .build();

    /** Half as long again after each answer, from 300 ms to 2 s. */
    private static final class Growing implements IntervalStrategy {
        static final long LONGEST_NS = 2_000_000_000L;

        private long intervalNs = 300_000_000L;

        @Override
        public long intervalNs(Link link, long nowNs) {
            return intervalNs;
        }

        @Override
        public long shortestNs() {
            return 300_000_000L;
        }

        @Override
        public void onAck(Link link, long idleNs, long nowNs) {
            intervalNs = Math.min(LONGEST_NS, intervalNs * 3 / 2);
        }
    }

    private static HeartbeatPolicy client(IntervalStrategy interval) {
        return HeartbeatPolicy.builder()
                .interval(interval)
                .ackTimeout(Duration.ofMillis(300))
                .failureDetector(FailureDetectors.consecutiveMisses(20))
                .build();
    }

    private static void runFor(Loop loop, Duration length) throws IOException {
        long startNs = System.nanoTime();
        loop.until(() -> System.nanoTime() - startNs >= length.toNanos(), loop::readReady);
    }

    private static void hearAcks(Loop loop, int more) throws IOException {
        int acks = loop.acks + more;
        loop.until(() -> loop.acks >= acks, loop::readReady);
    }

    @Test
    void interval_thatGrows_isFollowed() throws IOException {
        try (Loop loop = new Loop(SERVER)) {
            Loop.Pair pair = loop.connect();
            pair.client().configureBlocking(false);
            SelectionKey served = loop.register(pair.served());
            SelectionKey client = loop.register(pair.client());
            loop.heartbeats.open(served);
            Growing interval = new Growing();
            loop.heartbeats.open(client, client(interval));
            loop.until(() -> interval.intervalNs == Growing.LONGEST_NS, loop::readReady);
            hearAcks(loop, 2); // so that it has been announced
            assertEquals(List.of(), loop.causes);

            loop.heartbeats.release(client); // it says no more
            loop.until(() -> loop.dead.size() == 1);
            assertEquals(served, loop.dead.get(0));
            DeathCause cause = loop.causes.get(0);
            assertTrue(cause.silence().compareTo(Duration.ofMillis(2900)) >= 0, cause.toString());
        }
    }

    @Test
    void phases_areFollowedBothWays() throws IOException {
        try (Loop loop = new Loop(SERVER)) {
            Loop.Pair pair = loop.connect();
            pair.client().configureBlocking(false);
            SelectionKey served = loop.register(pair.served());
            SelectionKey client = loop.register(pair.client());
            loop.heartbeats.open(served);
            loop.heartbeats.open(
                    client, client(IntervalStrategy.phased(Duration.ofMillis(300), Duration.ofMillis(1500))));
            for (int i = 0; i < 2; i++) {
                runFor(loop, Duration.ofMillis(700));
                phase(loop, client, Phase.BACKGROUND);
                runFor(loop, Duration.ofMillis(2000));
                phase(loop, client, Phase.FOREGROUND);
            }
            hearAcks(loop, 2);
            assertEquals(List.of(), loop.causes);

            long stalledNs = loop.stalledNs;
            loop.heartbeats.release(client);
            loop.until(() -> loop.dead.size() == 1);
            DeathCause cause = loop.causes.get(0);
            Duration silence = cause.silence().minusNanos(loop.stalledNs - stalledNs);
            assertTrue(silence.compareTo(Duration.ofMillis(2000)) < 0, cause.toString());
        }
    }

    private static void phase(Loop loop, SelectionKey key, Phase phase) {
        loop.heartbeats.heartbeat(key).phase(phase, loop.heartbeats.clock().nanoTime());
    }
}
