package dev.heartbeat;

import dev.heartbeat.testkit.RecordingListener;
import dev.heartbeat.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A shard without a thread: stepped by hand, exactly when it wants to be. */
final class ShardBench implements HeartbeatTransport {
    final ManualClock clock;
    final RecordingListener told = new RecordingListener();
    final List<Integer> probes = new ArrayList<>();
    final List<Long> closed = new ArrayList<>();
    final Shard shard;
    private long handles;
    Watched writing;

    ShardBench(long originNs) {
        this(originNs, builder -> builder);
    }

    ShardBench(long originNs, UnaryOperator<ServiceBuilder> settings) {
        this(originNs, settings, null);
    }

    ShardBench(long originNs, UnaryOperator<ServiceBuilder> settings, HeartbeatListener listener) {
        clock = new ManualClock(originNs);
        ServiceBuilder builder = HeartbeatService.builder()
                .clock(clock)
                .tick(Duration.ofMillis(1))
                .commandCapacity(4);
        shard = new Shard(settings.apply(builder), 0, listener == null ? told : listener);
    }

    Watched open(HeartbeatPolicy policy) {
        return open(this, policy);
    }

    Watched open(HeartbeatTransport transport, HeartbeatPolicy policy) {
        if (!shard.reserve()) {
            throw new IllegalStateException("full");
        }
        Watched watched = new Watched(++handles, shard, transport, policy, clock.nanoTime());
        watched.want(Watched.OPEN, 0);
        return watched;
    }

    /** Steps until there is nothing left to do at this instant. */
    void settle() {
        while (shard.step(clock.nanoTime()) || shard.isAwaited()) {
            // once more
        }
    }

    void run(Duration length) {
        long leftNs = length.toNanos();
        settle();
        while (true) {
            long waitNs = shard.delayNs(clock.nanoTime());
            if (waitNs > leftNs) {
                break;
            }
            leftNs -= waitNs;
            clock.advanceNs(waitNs);
            settle();
        }
        clock.advanceNs(leftNs);
        settle();
    }

    MonitorStatistics statistics() {
        return shard.statistics();
    }

    @Override
    public void sendProbe(long handle, int probeId) {
        probes.add(probeId);
        if (writing != null) {
            writing.probeSent(probeId);
        }
    }

    @Override
    public void close(long handle, DeathCause cause) {
        closed.add(handle);
    }
}
