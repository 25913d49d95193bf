package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cause explains itself when it is asked to, with what was known when the connection died. */
class DeathCauseExplanationTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<DeathCause> causes = new ArrayList<>();

    /** Dead after ten seconds; keeps a word; says what it sees. */
    private static class Talkative implements FailureDetector {
        int asked;

        @Override
        public int stateLongs() {
            return 1;
        }

        @Override
        public void onOpened(Peer peer, long nowNs) {
            peer.state(0, 7);
        }

        @Override
        public long deadAfterNs(Peer peer) {
            return 10 * SECOND;
        }

        @Override
        public double suspicion(Peer peer, long nowNs) {
            return (double) peer.silenceNs(nowNs) / deadAfterNs(peer);
        }

        @Override
        public String explain(Peer peer, long nowNs) {
            asked++;
            return peer.silenceNs(nowNs) / SECOND + " s, word " + peer.state(0) + ", last at "
                    + peer.lastReceivedNs() / SECOND + ", " + peer.consecutiveMisses() + " misses, every "
                    + peer.expectedIntervalNs() / SECOND + " s";
        }
    }

    private void die(FailureDetector detector) {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(detector)
                .build();
        HeartbeatMonitor monitor =
                HeartbeatMonitor.builder().tick(Duration.ofMillis(1)).build((handle, cause) -> causes.add(cause), 0);
        HeartbeatTransport nowhere = new HeartbeatTransport() {
            @Override
            public void sendProbe(long handle, int probeId) {}

            @Override
            public void close(long handle, DeathCause cause) {}
        };
        monitor.received(monitor.open(nowhere, policy, 0), 3 * SECOND);
        monitor.poll(10 * SECOND, 10);
        monitor.poll(13 * SECOND, 10);
        // Another takes its place: what the first one's detector saw must not change.
        monitor.received(monitor.open(nowhere, policy, 13 * SECOND), 14 * SECOND);
        assertEquals(1, causes.size());
    }

    @Test
    void detail_afterTheSlotIsReused_tellsWhatWasSeenAtDeath() {
        die(new Talkative());
        assertEquals(
                "10 s, word 7, last at 3, 0 misses, every 30 s", causes.get(0).detail());
    }

    @Test
    void detail_neverAsked_costsNoSentence() {
        Talkative detector = new Talkative();
        die(detector);
        assertEquals(0, detector.asked);
    }

    @Test
    void detail_detectorThrows_quotesIt() {
        die(new Talkative() {
            @Override
            public String explain(Peer peer, long nowNs) {
                throw new IllegalStateException("speechless");
            }
        });
        assertEquals(
                "no explanation: java.lang.IllegalStateException: speechless",
                causes.get(0).detail());
    }

    @Test
    void detail_detectorChangesState_isRefused() {
        die(new Talkative() {
            @Override
            public String explain(Peer peer, long nowNs) {
                assertThrows(UnsupportedOperationException.class, () -> peer.state(0, 1));
                return "unchanged";
            }
        });
        assertEquals("unchanged", causes.get(0).detail());
    }
}
