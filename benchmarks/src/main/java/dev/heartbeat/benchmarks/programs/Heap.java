package dev.heartbeat.benchmarks.programs;

import java.lang.management.ManagementFactory;

/** What is alive on the heap. */
final class Heap {
    private Heap() {}

    static long usedBytes() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
