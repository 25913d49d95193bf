package dev.heartbeat.benchmarks.programs;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.MonitorStatistics;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;

/** Ours: the whole engine, from the mark to the listener. */
final class HeartbeatPopulation implements Population, HeartbeatListener, HeartbeatTransport {
    private final HeartbeatMonitor monitor;
    private final HeartbeatPolicy policy;
    private final long[] handles;
    private long nowNs;
    private long deaths;
    private long closedBefore;

    private HeartbeatPopulation(HeartbeatPolicy policy, int capacity, long nowNs, boolean counting) {
        HeartbeatListener me = this;
        this.policy = policy;
        this.handles = new long[capacity];
        this.monitor = HeartbeatMonitor.builder()
                .capacity(capacity)
                .countPerConnection(counting)
                .build(me, nowNs);
    }

    /** A server's: dead after a silence. */
    static HeartbeatPopulation listening(int capacity, long timeoutNs, long nowNs, boolean counting) {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(IntervalStrategy.fixed(Duration.ofNanos(timeoutNs)))
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofNanos(timeoutNs)))
                .build();
        return new HeartbeatPopulation(policy, capacity, nowNs, counting);
    }

    /** A client's: probes when nothing arrived, dead after the first probe that is not answered. */
    static HeartbeatPopulation probing(int capacity, long timeoutNs, long nowNs) {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(IntervalStrategy.fixed(Duration.ofNanos(timeoutNs)))
                .probeWhen(Quiet.INBOUND)
                .ackTimeout(AckTimeout.fixed(Duration.ofNanos(timeoutNs / 4)))
                .failureDetector(FailureDetectors.consecutiveMisses(1))
                .build();
        return new HeartbeatPopulation(policy, capacity, nowNs, false);
    }

    @Override
    public void open(int connection, long nowNs) {
        handles[connection] = monitor.open(this, policy, nowNs);
    }

    @Override
    public void heard(int connection, long nowNs) {
        monitor.received(handles[connection], nowNs);
    }

    @Override
    public void close(int connection) {
        monitor.close(handles[connection]);
    }

    @Override
    public int turn(long nowNs, int limit) {
        this.nowNs = nowNs;
        return monitor.poll(nowNs, limit);
    }

    @Override
    public long noticed() {
        return deaths;
    }

    MonitorStatistics statistics() {
        return monitor.statistics();
    }

    @Override
    public void sendProbe(long handle, int probeId) {
        monitor.probeSent(handle, probeId, nowNs);
    }

    @Override
    public void close(long handle, DeathCause cause) {
        closedBefore++;
    }

    @Override
    public void onDead(long handle, DeathCause cause) {
        deaths++;
        if (closedBefore != deaths) {
            throw new IllegalStateException("told of a death before the transport was closed");
        }
    }
}
