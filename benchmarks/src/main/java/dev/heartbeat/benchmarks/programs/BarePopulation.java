package dev.heartbeat.benchmarks.programs;

/** What the measuring itself costs: a connection is looked up, its activity stored, nobody looks at that. */
final class BarePopulation implements Population {
    private final long[] slots;
    private final long[] heardNs;
    private int opened;

    BarePopulation(int capacity) {
        slots = new long[capacity];
        heardNs = new long[capacity];
    }

    @Override
    public void open(int connection, long nowNs) {
        slots[connection] = opened++;
        heard(connection, nowNs);
    }

    @Override
    public void heard(int connection, long nowNs) {
        heardNs[(int) slots[connection]] = nowNs;
    }

    @Override
    public void close(int connection) {}

    @Override
    public int turn(long nowNs, int limit) {
        return 0;
    }

    @Override
    public long noticed() {
        return 0;
    }
}
