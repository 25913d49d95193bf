package dev.heartbeat.benchmarks.programs;

import java.util.Random;

/**
 * Nobody turned the wheel for an hour; in the meantime every connection has come due, and all are looked at in one go.
 * The time should depend on how many are due, not on how many ticks have passed.
 */
public final class CatchUp {
    private static final String TOPIC = "catch-up";
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final int WARM_UP = 3;

    private CatchUp() {}

    /**
     * Measures one mechanism.
     *
     * @param arguments who, how many connections, how many seconds nobody turned, how many rounds
     */
    public static void main(String[] arguments) {
        Population.Kind kind = Population.Kind.of(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        long gapNs = Long.parseLong(arguments[2]) * 1_000_000_000L;
        double[] cpuNs = new double[Integer.parseInt(arguments[3])];
        Random random = new Random(3);
        for (int round = -WARM_UP; round < cpuNs.length; round++) {
            long nowNs = random.nextInt(1 << 30); // an event loop of Netty takes no instant below 0
            Population population = kind.create(connections, TIMEOUT_NS, nowNs);
            long step = Math.max(1, connections / 3600);
            for (int i = 0; i < connections; i++) {
                if (i % step == 0) {
                    nowNs += 16_000_000L;
                    population.turn(nowNs, Integer.MAX_VALUE);
                }
                population.open(i, nowNs);
            }
            nowNs += gapNs;
            long beforeNs = Cpu.ofThreadNs();
            population.turn(nowNs, Integer.MAX_VALUE);
            if (round >= 0) {
                cpuNs[round] = (double) (Cpu.ofThreadNs() - beforeNs) / connections;
            }
            population.close();
        }
        String scale = connections + ", " + arguments[2] + " s";
        new Figure(TOPIC, kind.toString(), scale, "cpu", Cpu.median(cpuNs), "ns").print();
    }
}
