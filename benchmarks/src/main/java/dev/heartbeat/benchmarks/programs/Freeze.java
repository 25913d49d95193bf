package dev.heartbeat.benchmarks.programs;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that watches a million connections is stopped (SIGSTOP) while their peers go on beating, and then continued.
 * Nobody who lives may be declared dead, whether the beats that waited are delivered late or are lost; one in a thousand
 * dies during the freeze, and has to be found within timeout + freeze + one tick.
 *
 * <p>The peers are a rule and not sockets: a peer beats every interval from its own phase on, on the same clock that goes
 * on while the process is stopped. So what waits in the queue at any moment can be told. Beside the monitor, what a plain
 * comparison of the last beat with the clock would have done is counted as a control.
 */
public final class Freeze implements HeartbeatTransport, HeartbeatListener {
    private static final String TOPIC = "freeze";
    private static final long TURN_NS = 20_000_000L;
    private static final long TICK_NS = 16_000_000L;
    private static final int MORTAL = 1000;
    private static final String READY = "ready to be frozen";

    private final int connections;
    private final boolean late;
    private final long intervalNs;
    private final long timeoutNs;
    private final long freezeAtNs;
    private final long freezeNs;
    private final long[] handles;
    private final long[] phaseNs;
    private final long[] heardNs;
    private final long[] foundNs;
    private long startNs;
    private long elapsedNs;
    private long frozenNs;
    private long naive;

    private Freeze(int connections, boolean late, long unitNs) {
        this.connections = connections;
        this.late = late;
        intervalNs = 2 * unitNs;
        timeoutNs = 4 * unitNs;
        freezeAtNs = 5 * unitNs / 2;
        freezeNs = 3 * unitNs;
        handles = new long[connections];
        phaseNs = new long[connections];
        heardNs = new long[connections];
        foundNs = new long[connections];
        Arrays.setAll(phaseNs, i -> (long) ((double) i / connections * intervalNs));
    }

    /**
     * Starts a process like this one, stops and continues it.
     *
     * @param arguments how many connections, {@code late} or {@code lost}, and how many seconds a third of the freeze
     *     takes: 10 for one of 30 s
     * @throws Exception if a process cannot be started or stopped
     */
    public static void main(String[] arguments) throws Exception {
        int connections = Integer.parseInt(arguments[0]);
        boolean late = "late".equals(arguments[1]);
        long unitNs = Long.parseLong(arguments[2]) * 1_000_000_000L;
        if (arguments.length > 3) {
            new Freeze(connections, late, unitNs).run();
            return;
        }
        Process child = new ProcessBuilder(Jvm.command(Freeze.class, append(arguments, "watch")))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(READY)) {
                    signal(child, "STOP");
                    Thread.sleep(3 * unitNs / 1_000_000L);
                    signal(child, "CONT");
                } else {
                    System.out.println(line);
                }
            }
        } finally {
            child.destroy();
        }
        System.exit(child.waitFor());
    }

    private static String[] append(String[] arguments, String last) {
        String[] longer = Arrays.copyOf(arguments, arguments.length + 1);
        longer[arguments.length] = last;
        return longer;
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + ": exit " + exit);
        }
    }

    private void run() {
        startNs = System.nanoTime();
        HeartbeatListener me = this;
        HeartbeatMonitor monitor =
                HeartbeatMonitor.builder().initialCapacity(connections).build(me, startNs);
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(Duration.ofNanos(timeoutNs)))
                .build();
        for (int i = 0; i < connections; i++) {
            handles[i] = monitor.open(this, policy, startNs);
        }
        boolean ready = false;
        long endNs = freezeAtNs + freezeNs + timeoutNs + intervalNs;
        while (elapsedNs < endNs) {
            if (!ready && elapsedNs >= freezeAtNs) {
                ready = true;
                System.out.println(READY);
                System.out.flush();
            }
            LockSupport.parkNanos(TURN_NS);
            turn(monitor);
        }
        report(monitor);
    }

    private void turn(HeartbeatMonitor monitor) {
        long beforeNs = elapsedNs;
        long nowNs = System.nanoTime();
        elapsedNs = nowNs - startNs;
        boolean wasFrozen = elapsedNs - beforeNs > freezeNs / 2; // neighbours on the machine hold us up for less
        if (wasFrozen) {
            frozenNs = elapsedNs - beforeNs;
            naive = Arrays.stream(heardNs)
                    .filter(atNs -> elapsedNs - atNs >= timeoutNs)
                    .count();
        }
        if (late || !wasFrozen) {
            hear(monitor, beforeNs, nowNs);
        }
        boolean more = true;
        while (more) {
            more = monitor.poll(nowNs, HeartbeatMonitor.DEFAULT_LIMIT) == HeartbeatMonitor.DEFAULT_LIMIT;
        }
    }

    /** The beats that were sent after {@code beforeNs}: a stretch of the ring of phases, or all of it. */
    private void hear(HeartbeatMonitor monitor, long beforeNs, long nowNs) {
        int from = indexAt(beforeNs % intervalNs);
        int count = elapsedNs - beforeNs >= intervalNs
                ? connections
                : Math.floorMod(indexAt(elapsedNs % intervalNs) - from, connections);
        for (int n = 0, i = from; n < count; n++, i = i + 1 == connections ? 0 : i + 1) {
            if (elapsedNs < diesNs(i) || lastBeatNs(i, diesNs(i)) > beforeNs) {
                monitor.received(handles[i], nowNs);
                heardNs[i] = elapsedNs;
            }
        }
    }

    /** The first peer whose phase is not before that. */
    private int indexAt(long phase) {
        int index = Arrays.binarySearch(phaseNs, phase);
        return index >= 0 ? index : Math.min(-index - 1, connections - 1);
    }

    private long lastBeatNs(int peer, long untilNs) {
        long sincePhaseNs = untilNs - phaseNs[peer];
        return sincePhaseNs < 0 ? 0 : phaseNs[peer] + sincePhaseNs / intervalNs * intervalNs;
    }

    private long diesNs(int peer) {
        if (peer % MORTAL != 0) {
            return Long.MAX_VALUE;
        }
        return freezeAtNs + (long) ((double) (peer * 7919L % connections) / connections * freezeNs);
    }

    private void report(HeartbeatMonitor monitor) {
        long falselyDead = 0;
        long missing = 0;
        long worstNs = Long.MIN_VALUE;
        for (int i = 0; i < connections; i++) {
            if (i % MORTAL != 0) {
                falselyDead += foundNs[i] == 0 ? 0 : 1;
            } else if (foundNs[i] == 0) {
                missing++;
            } else {
                worstNs = Math.max(worstNs, foundNs[i] - diesNs(i));
            }
        }
        long stalledNs = monitor.statistics().stalled().toNanos(); // the freeze, and what else held us up
        long boundNs = timeoutNs + Math.max(frozenNs, stalledNs) + TICK_NS;
        print("frozen", frozenNs / 1e9, "s");
        print("all stalls", stalledNs / 1e9, "s");
        print("falsely dead", (double) falselyDead, "");
        print("falsely dead by naive expiry", (double) naive, "");
        print("dead and not found", (double) missing, "");
        print("worst detection time", worstNs / 1e9, "s");
        print("bound: timeout + stalls + tick", boundNs / 1e9, "s");
        print("worst lateness of a turn", monitor.statistics().worstLateness().toNanos() / 1e9, "s");
        if (falselyDead > 0 || missing > 0 || frozenNs == 0) {
            System.exit(1);
        }
    }

    private void print(String what, double value, String unit) {
        String scale = connections + ", beats " + (late ? "late" : "lost");
        new Figure(TOPIC, "Heartbeat", scale, what, value, unit).print();
    }

    @Override
    public void sendProbe(long handle, int probeId) {}

    @Override
    public void close(long handle, DeathCause cause) {}

    @Override
    public void onDead(long handle, DeathCause cause) {
        foundNs[(int) handle] = elapsedNs;
    }
}
