package dev.heartbeat.benchmarks.programs;

import dev.heartbeat.HeartbeatMonitor;
import java.util.Arrays;
import java.util.Random;

/**
 * A million connections fall silent and come due in one tick. Each round opens them anew, in another order, so that
 * neighbours in the wheel are no neighbours in memory. Time is virtual, except for mechanisms with a thread of their own.
 */
public final class MassDeath {
    private static final String TOPIC = "mass death";
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long TICK_NS = 20_000_000L;
    private static final int WARM_UP = 4;

    private final Population.Kind kind;
    private final int connections;
    private final int[] order;
    private final Random random = new Random(7);

    private MassDeath(Population.Kind kind, int connections) {
        this.kind = kind;
        this.connections = connections;
        this.order = new int[connections];
        Arrays.setAll(order, i -> i);
    }

    /**
     * Measures one mechanism.
     *
     * @param arguments who, how many connections, how many rounds
     */
    public static void main(String[] arguments) {
        Population.Kind kind = Population.Kind.of(arguments[0]);
        MassDeath program = new MassDeath(kind, Integer.parseInt(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        if (kind.hasThread()) {
            program.runOnRealClock(rounds);
        } else {
            program.runInVirtualTime(rounds);
        }
    }

    private void runInVirtualTime(int rounds) {
        double[] cpuNs = new double[rounds];
        double[] longestNs = new double[rounds];
        double[] medianNs = new double[rounds];
        long nowNs = 0;
        Population population = kind.create(connections, TIMEOUT_NS, nowNs);
        if (isOurs()) {
            nowNs = comeAndGo(population, nowNs);
        }
        for (int round = -WARM_UP; round < rounds; round++) {
            if (round > -WARM_UP && !isOurs()) {
                population = kind.create(connections, TIMEOUT_NS, nowNs);
            }
            shuffle();
            for (int connection : order) {
                population.open(connection, nowNs);
            }
            System.gc();
            long before = population.noticed();
            // Those that probe need two turns of the wheel: the probe leaves, and is not answered.
            population.turn(nowNs, 1);
            nowNs += TIMEOUT_NS + TICK_NS;
            Turns turns = new Turns();
            turns.until(population, nowNs);
            if (kind == Population.Kind.HEARTBEAT_PROBING) {
                nowNs += TIMEOUT_NS / 4 + TICK_NS;
                turns = new Turns();
                turns.until(population, nowNs);
            }
            if (population.noticed() - before != connections) {
                throw new IllegalStateException("noticed " + (population.noticed() - before));
            }
            if (round >= 0) {
                cpuNs[round] = (double) turns.cpuNs / connections;
                longestNs[round] = turns.longestNs();
                medianNs[round] = turns.medianNs();
            }
        }
        print("cpu", Cpu.median(cpuNs), "ns");
        if (isOurs()) {
            print("median poll", Cpu.median(medianNs) / 1e3, "µs");
            print("longest poll", Cpu.median(longestNs) / 1e3, "µs");
        }
    }

    /** Leaves the free slots in no order, as they are in a server that has run for a while. */
    private long comeAndGo(Population population, long nowNs) {
        for (int connection : order) {
            population.open(connection, nowNs);
        }
        shuffle();
        for (int connection : order) {
            population.close(connection);
        }
        long laterNs = nowNs + 2 * TIMEOUT_NS; // the wheel forgets its old entries
        new Turns().until(population, laterNs);
        return laterNs;
    }

    private boolean isOurs() {
        return kind.name().startsWith("HEARTBEAT");
    }

    private void runOnRealClock(int rounds) {
        String thread = kind == Population.Kind.EXECUTOR ? ExecutorPopulation.THREAD : WheelTimerPopulation.THREAD;
        double[] cpuNs = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            shuffle();
            try (Population population = kind.create(connections, TIMEOUT_NS, 0)) {
                // Due a while from now, so that all have been set by then; then the thread works them all off.
                long dueNs = System.nanoTime() + 6_000_000_000L;
                for (int connection : order) {
                    population.open(connection, dueNs - TIMEOUT_NS);
                }
                System.gc();
                while (dueNs - 100_000_000L - System.nanoTime() > 0 && population.noticed() == 0) {
                    pause(1);
                }
                long before = Cpu.ofThreadNs(thread);
                while (population.noticed() < connections) {
                    pause(1);
                }
                cpuNs[round] = (double) (Cpu.ofThreadNs(thread) - before) / connections;
            }
        }
        print("cpu", Cpu.median(cpuNs), "ns");
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void shuffle() {
        for (int i = connections - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    private void print(String what, double value, String unit) {
        new Figure(TOPIC, kind.toString(), Integer.toString(connections), what, value, unit).print();
    }

    /** The turns that it takes until nothing is left. */
    private static final class Turns {
        private final double[] each = new double[1 << 16];
        private int count;
        private long cpuNs;

        void until(Population population, long nowNs) {
            long startNs = Cpu.ofThreadNs();
            long lastNs = startNs;
            boolean more = true;
            while (more) {
                more = population.turn(nowNs, HeartbeatMonitor.DEFAULT_LIMIT) >= HeartbeatMonitor.DEFAULT_LIMIT;
                long endNs = Cpu.ofThreadNs();
                each[count++] = endNs - lastNs;
                lastNs = endNs;
            }
            cpuNs = lastNs - startNs;
        }

        double longestNs() {
            return Arrays.stream(each, 0, count).max().orElseThrow();
        }

        double medianNs() {
            return Cpu.median(Arrays.copyOf(each, count));
        }
    }
}
