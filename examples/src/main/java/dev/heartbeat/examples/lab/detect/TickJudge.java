package dev.heartbeat.examples.lab.detect;

/**
 * The rules that count misses, put to a trace of arrivals: time is cut into ticks of a setting times the period, and a
 * tick in which nothing came is a miss. Suspicion comes with the k-th miss of the last n.
 */
final class TickJudge implements Contender.Judge {
    private final int k;
    private final long window;
    private final double ticksPerPeriod;
    private long tickNs;
    private long lastTick;
    private long misses; // a bit for each of the last n ticks, the newest lowest

    TickJudge(int k, int n, double setting) {
        this.k = k;
        this.window = (1L << n) - 1;
        this.ticksPerPeriod = setting;
    }

    @Override
    public void begin(Trace trace) {
        tickNs = Math.max(1, Math.round(ticksPerPeriod * trace.periodNs()));
        lastTick = 0;
        misses = 0;
    }

    @Override
    public long suspectAtNs(int sequence, long arrivalNs) {
        long tick = Math.floorDiv(arrivalNs, tickNs) + 1;
        long passed = tick - lastTick;
        if (passed > 0) {
            long missed = Math.min(passed - 1, 62);
            misses = (((misses << missed) | ((1L << missed) - 1)) << 1) & window;
            lastTick = tick;
        }
        long ahead = misses;
        long due = tick;
        do {
            ahead = ((ahead << 1) | 1) & window;
            due++;
        } while (Long.bitCount(ahead) < k);
        return due * tickNs;
    }
}
