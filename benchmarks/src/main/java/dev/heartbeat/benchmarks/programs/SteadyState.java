package dev.heartbeat.benchmarks.programs;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Connections with a timeout of a minute and a packet each every half a minute, in no order: what keeping watch costs a
 * process. In real time the share of a core is that of the whole process, collectors and wake-ups included; in virtual
 * time it is that of the one thread.
 */
public final class SteadyState {
    private static final String TOPIC = "steady state";
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long TICK_NS = 16_000_000L;
    private static final int SCATTER = 7_368_787; // a prime: steps through all connections in no order

    private final Population.Kind kind;
    private final int connections;
    private final Population population;
    private long heard;
    private long nowNs;

    private SteadyState(Population.Kind kind, int connections, long startNs) {
        this.kind = kind;
        this.connections = connections;
        this.nowNs = startNs;
        this.population = kind.create(connections, TIMEOUT_NS, startNs);
    }

    /**
     * Measures one mechanism.
     *
     * @param arguments who, how many connections, for how many seconds, {@code real} or {@code virtual}
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        Population.Kind kind = Population.Kind.of(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        long lengthNs = Long.parseLong(arguments[2]) * 1_000_000_000L;
        boolean real = "real".equals(arguments[3]);
        SteadyState program = new SteadyState(kind, connections, System.nanoTime() - TIMEOUT_NS);
        program.open();
        program.hear(connections); // setting up may have taken a while: nobody is to be blamed for it
        if (real) {
            program.runInRealTime(lengthNs);
        } else {
            program.runInVirtualTime(lengthNs);
        }
        System.exit(0);
    }

    /** Opens them over a minute of the past, so that they come due over a minute of the future. */
    private void open() {
        Random random = new Random(5);
        long startNs = nowNs;
        for (int i = 0; i < connections; i++) {
            long atNs = startNs + (long) ((double) i / connections * TIMEOUT_NS);
            if (atNs - nowNs > TICK_NS) {
                nowNs = atNs;
                population.turn(nowNs, Integer.MAX_VALUE);
            }
            population.open(i, nowNs);
        }
        heard = random.nextInt(connections);
    }

    private void hear(int packets) {
        for (int i = 0; i < packets; i++) {
            heard++;
            population.heard((int) (heard * SCATTER % connections), nowNs);
        }
    }

    private int packetsIn(long ns) {
        return (int) (2.0 * connections * ns / TIMEOUT_NS);
    }

    private void runInRealTime(long lengthNs) throws InterruptedException {
        catchUp();
        turnFor(lengthNs / 4); // warms up
        System.gc();
        long cpuNs = Cpu.ofProcessNs();
        long startNs = System.nanoTime();
        turnFor(lengthNs);
        double share = (double) (Cpu.ofProcessNs() - cpuNs) / (System.nanoTime() - startNs);
        print("process", 100 * share, "% of a core");
    }

    private void catchUp() {
        nowNs = System.nanoTime();
        hear(connections);
        population.turn(nowNs, Integer.MAX_VALUE);
    }

    private void turnFor(long lengthNs) {
        long endNs = System.nanoTime() + lengthNs;
        long wakeNs = System.nanoTime();
        while (wakeNs - endNs < 0) {
            wakeNs += TICK_NS;
            LockSupport.parkNanos(wakeNs - System.nanoTime());
            long beforeNs = nowNs;
            nowNs = System.nanoTime();
            hear(packetsIn(nowNs - beforeNs));
            population.turn(nowNs, Integer.MAX_VALUE);
        }
    }

    private void runInVirtualTime(long lengthNs) {
        pass(2 * TIMEOUT_NS); // warms up
        double heapMib = Heap.usedBytes() / (1024.0 * 1024.0);
        long cpuNs = Cpu.ofThreadNs();
        pass(lengthNs);
        double share = (double) (Cpu.ofThreadNs() - cpuNs) / lengthNs;
        print("thread", 100 * share, "% of a core");
        print("heap", heapMib, "MiB");
        if (population.noticed() > 0) {
            throw new IllegalStateException("found silent: " + population.noticed());
        }
    }

    private void pass(long lengthNs) {
        long endNs = nowNs + lengthNs;
        while (nowNs - endNs < 0) {
            nowNs += TICK_NS;
            hear(packetsIn(TICK_NS));
            population.turn(nowNs, Integer.MAX_VALUE);
        }
    }

    private void print(String what, double value, String unit) {
        new Figure(TOPIC, kind.toString(), Integer.toString(connections), what, value, unit).print();
    }
}
