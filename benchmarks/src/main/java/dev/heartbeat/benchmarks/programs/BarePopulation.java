package dev.heartbeat.benchmarks.programs;

/** What the measuring itself costs: activity is stored, nobody looks at it. */
final class BarePopulation implements Population {
    private final long[] heardNs;

    BarePopulation(int capacity) {
        heardNs = new long[capacity];
    }

    @Override
    public void open(int connection, long nowNs) {
        heardNs[connection] = nowNs;
    }

    @Override
    public void heard(int connection, long nowNs) {
        heardNs[connection] = nowNs;
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
