package dev.heartbeat.interval.nat;

/** What the smart interval notes about one connection of the user's. */
final class MainLine {
    final long handle;

    /** What was answered last, to tell a wake-up that came late. */
    long plannedNs;

    boolean aligned;
    long alignedNs;

    private boolean missing;
    private long firstMissNs;
    private long lastMissNs;

    private boolean controlUnderWay;
    private long controlId;
    private boolean controlFailed; // the path was down for everyone for a while
    private boolean controlWorked;
    private long controlWorkedNs;
    private boolean judged;
    private boolean moved;

    MainLine(long handle) {
        this.handle = handle;
    }

    boolean isMissing() {
        return missing;
    }

    /** Returns the distance to the miss before, or -1 for the first in a row. */
    long missed(long nowNs) {
        long distanceNs = missing ? Math.max(0, nowNs - lastMissNs) : -1;
        if (!missing) {
            missing = true;
            firstMissNs = nowNs;
        }
        lastMissNs = nowNs;
        return distanceNs;
    }

    long sinceFirstMissNs(long nowNs) {
        return Math.max(0, nowNs - firstMissNs);
    }

    void answered() {
        missing = false;
        controlUnderWay = false;
        controlFailed = false;
        controlWorked = false;
        judged = false;
    }

    void controlStarted(long id) {
        controlUnderWay = true;
        controlId = id;
    }

    boolean isControl(long id) {
        return controlUnderWay && controlId == id;
    }

    boolean isControlUnderWay() {
        return controlUnderWay;
    }

    long controlId() {
        return controlId;
    }

    void controlEnded(boolean worked, long nowNs) {
        controlUnderWay = false;
        if (worked) {
            controlWorked = true;
            controlWorkedNs = nowNs;
        } else {
            controlFailed = true;
        }
    }

    boolean hasControlWorked() {
        return controlWorked;
    }

    long controlWorkedNs() {
        return controlWorkedNs;
    }

    /** The device has moved to another network, which this connection may not have survived. */
    void moved() {
        moved = true;
    }

    /** It was answered on the present network. */
    void arrived() {
        moved = false;
    }

    /** Whether its loss says something about the idle times of the present network. */
    boolean isEvidence() {
        return !moved && !controlFailed;
    }

    boolean isJudged() {
        return judged;
    }

    void judged() {
        judged = true;
    }
}
