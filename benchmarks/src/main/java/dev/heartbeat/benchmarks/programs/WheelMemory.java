package dev.heartbeat.benchmarks.programs;

import dev.heartbeat.wheel.TimerWheel;
import java.util.Random;
import org.openjdk.jol.info.GraphLayout;

/** Prints what a timer of the wheel occupies, with everything that belongs to it. */
public final class WheelMemory {

    private static final long PERIOD_NS = 60_000_000_000L;

    private WheelMemory() {}

    /**
     * Fills wheels of several sizes.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        for (int live : new int[] {1_000, 10_000, 100_000, 1_000_000, 10_000_000}) {
            TimerWheel wheel = TimerWheel.builder().capacity(live).startNs(0).build();
            Random random = new Random(9);
            for (int id = 0; id < live; id++) {
                wheel.schedule(id, random.nextLong(PERIOD_NS));
            }
            long fresh = GraphLayout.parseInstance(wheel).totalSize();
            for (long nowNs = 0; nowNs < 2 * PERIOD_NS; nowNs += 16_000_000) {
                wheel.advance(nowNs, Integer.MAX_VALUE, (id, now) -> wheel.schedule(id, now + PERIOD_NS));
            }
            long turned = GraphLayout.parseInstance(wheel).totalSize();
            print(live, "wheel, open", (double) fresh / live);
            print(live, "wheel, after two minutes", (double) turned / live);
        }
    }

    private static void print(int live, String what, double bytes) {
        new Figure("memory", "Heartbeat", Integer.toString(live), what, bytes, "B").print();
    }
}
