package dev.heartbeat.benchmarks.programs;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.MonitorStatistics;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import java.time.Duration;
import java.util.BitSet;
import java.util.Random;

/**
 * A simulated week of a million connections that beat every five minutes, come and go, fall silent, while now and then
 * the process stalls. Ends with an error if a count does not add up, a living peer is declared dead, a silent one is not
 * found in time, or the heap has grown.
 */
public final class Week implements HeartbeatTransport {
    private static final String TOPIC = "long run";
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int BEAT_SECONDS = 300;
    private static final long TIMEOUT_NS = 750 * SECOND_NS;
    private static final int DAY_SECONDS = 86_400;
    private static final double MIB = 1024 * 1024;

    private final int connections;
    private final int days;
    private final Random random = new Random(42);
    private final HeartbeatPolicy policy = HeartbeatPolicy.builder()
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(Duration.ofNanos(TIMEOUT_NS)))
            .build();
    private final HeartbeatMonitor monitor;
    private final long[] handles;
    private final int[] peerOf;
    private final BitSet silent;
    private final long[] silentSinceNs; // in time that we were awake
    private final int[] reborn;
    private int births;
    private long nowNs = Long.MAX_VALUE - 3 * DAY_SECONDS * SECOND_NS; // wraps around within the week
    private long stalledNs;
    private long silenced;
    private long falselyDead;
    private long worstNs;

    private Week(int connections, int days) {
        this.connections = connections;
        this.days = days;
        handles = new long[connections];
        peerOf = new int[connections];
        silent = new BitSet(connections);
        silentSinceNs = new long[connections];
        reborn = new int[connections];
        monitor = HeartbeatMonitor.builder()
                .tick(Duration.ofSeconds(1))
                .capacity(connections)
                .initialCapacity(connections)
                .countPerConnection(false)
                .build(this::dead, nowNs);
    }

    /**
     * Runs it.
     *
     * @param arguments how many connections, how many days
     */
    public static void main(String[] arguments) {
        new Week(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])).run();
    }

    private void run() {
        for (int peer = 0; peer < connections; peer++) {
            open(peer);
        }
        long cpuNs = Cpu.ofThreadNs();
        long firstHeap = 0;
        for (int day = 0; day < days; day++) {
            for (int second = 0; second < DAY_SECONDS; second++) {
                pass(second);
                if (second % 3600 == 0) {
                    check();
                }
            }
            if (day == 0) {
                firstHeap = Heap.usedBytes();
            }
        }
        long growth = Heap.usedBytes() - firstHeap;
        MonitorStatistics counts = monitor.statistics();
        print("connections opened", (double) counts.opened(), "");
        print("fell silent", (double) silenced, "");
        print("found dead", (double) counts.dead(), "");
        print("falsely dead", (double) falselyDead, "");
        print("stalls", (double) counts.stalls(), "");
        print("worst detection beyond timeout and stalls", worstNs / 1e9, "s");
        print("heap after the first day", firstHeap / MIB, "MiB");
        print("heap growth since", growth / MIB, "MiB");
        print("cpu for it all", (Cpu.ofThreadNs() - cpuNs) / 1e9, "s");
        require(falselyDead == 0, "falsely dead: " + falselyDead);
        require(silenced - silent.cardinality() == counts.dead(), "silenced " + silenced + ", dead " + counts.dead());
        require(growth < firstHeap / 50.0 + MIB, "heap grew by " + growth);
    }

    private void pass(int second) {
        nowNs += SECOND_NS;
        if (random.nextInt(DAY_SECONDS / 6) == 0) {
            long stallNs = (2 + random.nextInt(BEAT_SECONDS)) * SECOND_NS;
            nowNs += stallNs;
            stalledNs += stallNs;
        }
        for (int peer = second % BEAT_SECONDS; peer < connections; peer += BEAT_SECONDS) {
            if (!silent.get(peer)) {
                monitor.received(handles[peer], nowNs);
            }
        }
        comeAndGo(random.nextInt(2 + connections / 20_000));
        boolean more = true;
        while (more) {
            more = monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT) == HeartbeatMonitor.DEFAULT_LIMIT;
        }
        for (int i = 0; i < births; i++) {
            open(reborn[i]);
        }
        births = 0;
    }

    private void comeAndGo(int count) {
        for (int i = 0; i < count; i++) {
            int peer = random.nextInt(connections);
            if (silent.get(peer)) {
                continue;
            }
            if (random.nextInt(4) == 0) {
                silent.set(peer);
                silentSinceNs[peer] = nowNs - stalledNs;
                silenced++;
            } else {
                monitor.close(handles[peer]);
                open(peer);
            }
        }
    }

    private void open(int peer) {
        handles[peer] = monitor.open(this, policy, nowNs);
        peerOf[(int) handles[peer]] = peer;
    }

    private void dead(long handle, DeathCause cause) {
        int peer = peerOf[(int) handle];
        if (!silent.get(peer)) {
            falselyDead++;
        }
        long awakeNs = nowNs - stalledNs - silentSinceNs[peer];
        worstNs = Math.max(worstNs, awakeNs - TIMEOUT_NS);
        silent.clear(peer);
        reborn[births++] = peer;
    }

    private void check() {
        MonitorStatistics counts = monitor.statistics();
        require(counts.open() == connections, "open: " + counts.open());
        require(counts.timers() == connections, "timers: " + counts.timers());
        require(counts.opened() == counts.open() + counts.closed() + counts.dead(), "counts: " + counts);
        require(counts.wheelEntries() <= 2L * connections + 8192, "entries: " + counts.wheelEntries());
        require(worstNs <= 3 * SECOND_NS, "found too late by " + worstNs);
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalStateException(complaint);
        }
    }

    private void print(String what, double value, String unit) {
        new Figure(TOPIC, "Heartbeat", connections + ", " + days + " days", what, value, unit).print();
    }

    @Override
    public void sendProbe(long handle, int probeId) {}

    @Override
    public void close(long handle, DeathCause cause) {}
}
