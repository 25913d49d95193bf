package dev.heartbeat.benchmarks.programs;

/**
 * Bytes per connection: the heap with them less the heap before, after full collections. What the user has for a
 * connection anyway (an array of handles here, a channel) is taken out by a population that is not watched.
 */
public final class Memory {
    private static final String TOPIC = "memory";
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long TICK_NS = 16_000_000L;

    private Memory() {}

    /**
     * Measures one mechanism.
     *
     * @param arguments who, how many connections
     */
    public static void main(String[] arguments) {
        Population.Kind kind = Population.Kind.of(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        Population warm = kind.create(1, TIMEOUT_NS, System.nanoTime());
        warm.open(0, System.nanoTime());
        warm.close();
        long empty = Heap.usedBytes();
        long nowNs = System.nanoTime();
        Population population = kind.create(connections, TIMEOUT_NS, nowNs);
        for (int i = 0; i < connections; i++) {
            if (i % Math.max(1, connections / 3600) == 0) {
                nowNs += TICK_NS;
                population.turn(nowNs, Integer.MAX_VALUE);
            }
            population.open(i, nowNs);
        }
        print(kind, connections, "open", Heap.usedBytes() - empty);
        if (!kind.hasThread()) {
            int heard = 0;
            for (int turn = 0; turn < 8000; turn++) {
                nowNs += TICK_NS;
                for (int i = 0; i <= connections / 1800; i++) {
                    population.heard(heard, nowNs);
                    heard = heard + 1 == connections ? 0 : heard + 1;
                }
                population.turn(nowNs, Integer.MAX_VALUE);
            }
            print(kind, connections, "after two minutes", Heap.usedBytes() - empty);
        }
        for (int i = 0; i < connections; i++) {
            population.close(i);
        }
        population.turn(nowNs + 2 * TIMEOUT_NS, Integer.MAX_VALUE);
        print(kind, connections, "all closed", Heap.usedBytes() - empty);
        population.close();
        System.exit(0);
    }

    private static void print(Population.Kind kind, int connections, String what, long bytes) {
        double each = (double) bytes / connections - kind.ownBytes();
        new Figure(TOPIC, kind.toString(), Integer.toString(connections), what, each, "B").print();
    }
}
