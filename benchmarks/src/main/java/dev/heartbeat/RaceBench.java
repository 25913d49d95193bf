package dev.heartbeat;

import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.time.ManualClock;
import java.time.Duration;

/**
 * One shard with one connection, the actors being its threads: one steps the shard, the others say what they see. In the
 * package of what it looks into.
 */
final class RaceBench implements HeartbeatTransport, HeartbeatListener {
    static final long SUSPECT_NS = 1_000_000_000L;
    static final long DEAD_NS = 2_000_000_000L;
    static final long LATER_NS = 3_000_000_000L;

    /** Suspected after 1 s of silence, dead after 2. */
    static final HeartbeatPolicy STRICT = listening(SUSPECT_NS, DEAD_NS);

    static final HeartbeatPolicy LENIENT = listening(3_600_000_000_000L, 7_200_000_000_000L);

    final ManualClock clock = new ManualClock(0);
    final Shard shard;
    final Watched watched;

    int deaths;
    int closings;

    RaceBench() {
        shard = new Shard(
                HeartbeatService.builder()
                        .clock(clock)
                        .commandCapacity(2)
                        .tick(Duration.ofMillis(1))
                        .stallTolerance(Duration.ofDays(1)),
                0,
                this);
        shard.reserve();
        watched = new Watched(1, shard, this, STRICT, 0);
        watched.want(Watched.OPEN, 0);
        settle(0);
    }

    private static HeartbeatPolicy listening(long suspectNs, long deadNs) {
        return HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(new FailureDetector() {
                    @Override
                    public long suspectAfterNs(Peer peer) {
                        return suspectNs;
                    }

                    @Override
                    public long deadAfterNs(Peer peer) {
                        return deadNs;
                    }

                    @Override
                    public double suspicion(Peer peer, long nowNs) {
                        return 0;
                    }
                })
                .build();
    }

    /** Steps until nothing is left to do at an instant. */
    void settle(long nowNs) {
        clock.setNs(nowNs);
        boolean more = true;
        while (more) {
            more = shard.step(nowNs) || shard.isAwaited();
        }
    }

    /** As {@link #settle}, and then on until the second look has been taken. */
    void settleWithSecondLook(long nowNs) {
        settle(nowNs);
        settle(nowNs + SecondLook.AFTER_NS);
    }

    @Override
    public void onDead(long handle, DeathCause cause) {
        deaths++;
    }

    @Override
    public void sendProbe(long handle, int probeId) {}

    @Override
    public void close(long handle, DeathCause cause) {
        closings++;
    }
}
