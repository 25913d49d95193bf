package dev.heartbeat.benchmarks.programs;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** Processor time, which neighbours on the machine inflate less than they inflate waiting. */
final class Cpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Cpu() {}

    static long ofThreadNs() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** All threads, collectors and compilers included. */
    static long ofProcessNs() {
        return PROCESS.getProcessCpuTime();
    }

    /** The thread of that name, or names that begin so. */
    static long ofThreadNs(String name) {
        long[] ids = THREADS.getAllThreadIds();
        for (ThreadInfo thread : THREADS.getThreadInfo(ids)) {
            if (thread != null && thread.getThreadName().startsWith(name)) {
                return THREADS.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("no thread " + name);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
