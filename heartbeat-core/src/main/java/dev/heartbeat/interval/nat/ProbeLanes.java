package dev.heartbeat.interval.nat;

/** The probes on their way: one idle time per lane. */
final class ProbeLanes {
    private final long[] idleNs;
    private final boolean[] busy;
    private final boolean[] abandoned;
    private int allowed;

    ProbeLanes(int lanes) {
        this.idleNs = new long[lanes];
        this.busy = new boolean[lanes];
        this.abandoned = new boolean[lanes];
        this.allowed = lanes;
    }

    int allowed() {
        return allowed;
    }

    void allow(int lanes) {
        allowed = Math.max(1, Math.min(idleNs.length, lanes));
    }

    boolean isBusy(int lane) {
        return busy[lane];
    }

    long idleNs(int lane) {
        return idleNs[lane];
    }

    /** A free lane, or -1. Lanes whose probe nobody waits for any more are free once they were given back. */
    int occupy(long probedNs) {
        int inUse = 0;
        int free = -1;
        for (int lane = 0; lane < busy.length; lane++) {
            if (busy[lane]) {
                inUse++;
            } else if (free < 0) {
                free = lane;
            }
        }
        if (inUse >= allowed || free < 0) {
            return -1;
        }
        busy[free] = true;
        abandoned[free] = false;
        idleNs[free] = probedNs;
        return free;
    }

    void release(int lane) {
        busy[lane] = false;
        abandoned[lane] = false;
    }

    boolean isUnderWay(long lowNs, long highNs) {
        for (int lane = 0; lane < busy.length; lane++) {
            if (busy[lane] && !abandoned[lane] && idleNs[lane] >= lowNs && idleNs[lane] <= highNs) {
                return true;
            }
        }
        return false;
    }

    boolean isFull() {
        int inUse = 0;
        for (boolean b : busy) {
            inUse += b ? 1 : 0;
        }
        return inUse >= allowed;
    }

    void abandonOutside(long lowNs, long highNs) {
        for (int lane = 0; lane < busy.length; lane++) {
            if (busy[lane] && (idleNs[lane] < lowNs || idleNs[lane] > highNs)) {
                abandoned[lane] = true;
            }
        }
    }

    int nextAbandoned() {
        for (int lane = 0; lane < busy.length; lane++) {
            if (busy[lane] && abandoned[lane]) {
                return lane;
            }
        }
        return -1;
    }
}
