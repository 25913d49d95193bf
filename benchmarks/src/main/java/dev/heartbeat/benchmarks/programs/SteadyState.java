package dev.heartbeat.benchmarks.programs;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Connections with a timeout of a minute and a packet each every 27 s, in no order: what keeping watch costs a
 * process. In real time the share of a core is that of the whole process, collectors and wake-ups included; in virtual
 * time it is that of the one thread, and what its turns take of that: all but the packets.
 */
public final class SteadyState {
    private static final String TOPIC = "steady state";
    private static final long TIMEOUT_NS = 60_000_000_000L;

    /** No part of the timeout: nobody is to come due just after a packet, while it is all still at hand. */
    private static final long PACKETS_NS = 27_000_000_000L;

    private static final long TICK_NS = 16_000_000L;
    private static final long WARM_UP_TICK_NS = 250_000L;

    private final Population.Kind kind;
    private final int connections;
    private final Population population;
    private int heard;
    private long nowNs;
    private long turnsNs;

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
        if (real) {
            program.runInRealTime(lengthNs);
        } else {
            program.runInVirtualTime(lengthNs);
        }
        System.exit(0);
    }

    /**
     * Opens them as of any instant of the past minute, so that they come due at any instant of the next. Packets arrive in
     * the order of the connections' numbers, so that the measuring looks nothing up; what the mechanism has of them was
     * laid out in another order, and comes due in a third.
     */
    private void open() {
        Random random = new Random(5);
        for (int connection : shuffled(random)) {
            population.open(connection, nowNs + (long) (random.nextDouble() * TIMEOUT_NS));
        }
        nowNs += TIMEOUT_NS;
    }

    private int[] shuffled(Random random) {
        int[] order = new int[connections];
        for (int i = 0; i < connections; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** As if packets had come for as long as it takes until each has had one. */
    private void catchUp() {
        for (int connection = 0; connection < connections; connection++) {
            long agoNs = (long) ((double) (connections - connection) / connections * PACKETS_NS);
            population.heard(connection, nowNs - agoNs);
        }
        heard = connections - 1;
        population.turn(nowNs, Integer.MAX_VALUE);
    }

    private void hear(int packets) {
        for (int i = 0; i < packets; i++) {
            heard = heard + 1 == connections ? 0 : heard + 1;
            population.heard(heard, nowNs);
        }
    }

    private int packetsIn(long ns) {
        return (int) ((double) connections * ns / PACKETS_NS);
    }

    private void runInRealTime(long lengthNs) throws InterruptedException {
        nowNs = System.nanoTime();
        catchUp();
        turnFor(lengthNs / 4, WARM_UP_TICK_NS); // as often as in an hour, so that all is compiled that ever will be
        System.gc();
        turnFor(lengthNs / 8, TICK_NS);
        long cpuNs = Cpu.ofProcessNs();
        long startNs = System.nanoTime();
        turnFor(lengthNs, TICK_NS);
        double share = (double) (Cpu.ofProcessNs() - cpuNs) / (System.nanoTime() - startNs);
        print("process", 100 * share, "% of a core");
    }

    private void turnFor(long lengthNs, long tickNs) {
        long endNs = System.nanoTime() + lengthNs;
        long wakeNs = System.nanoTime();
        while (wakeNs - endNs < 0) {
            wakeNs += tickNs;
            wakeAt(wakeNs);
        }
    }

    private void wakeAt(long wakeNs) {
        LockSupport.parkNanos(wakeNs - System.nanoTime());
        long beforeNs = nowNs;
        nowNs = System.nanoTime();
        hear(packetsIn(nowNs - beforeNs));
        population.turn(nowNs, Integer.MAX_VALUE);
    }

    private void runInVirtualTime(long lengthNs) {
        catchUp();
        pass(2 * TIMEOUT_NS); // warms up
        double heapMib = Heap.usedBytes() / (1024.0 * 1024.0);
        long cpuNs = Cpu.ofThreadNs();
        turnsNs = 0;
        pass(lengthNs);
        print("thread", 100.0 * (Cpu.ofThreadNs() - cpuNs) / lengthNs, "% of a core");
        print("turns", 100.0 * turnsNs / lengthNs, "% of a core");
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
            long beforeNs = Cpu.ofThreadNs();
            population.turn(nowNs, Integer.MAX_VALUE);
            turnsNs += Cpu.ofThreadNs() - beforeNs;
        }
    }

    private void print(String what, double value, String unit) {
        new Figure(TOPIC, kind.toString(), Integer.toString(connections), what, value, unit).print();
    }
}
