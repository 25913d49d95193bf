package dev.heartbeat.detect;

/**
 * Expects the next heartbeat where the mean of the last ones puts it on the peer's schedule: Chen's NFD-E with one
 * window; 2W-FD, which believes the later of two, with a short and a long one. The threshold is the margin in
 * expected intervals, or a fixed one.
 *
 * <p>W. Chen, S. Toueg, M. K. Aguilera, "On the quality of service of failure detectors", IEEE Transactions on
 * Computers 51 (2002), section 6; A. Tomsic, P. Sens, J. Garcia, L. Arantes, J. Sopena, "2W-FD: a failure detector
 * algorithm with QoS", IPDPS 2015.
 */
class ScheduleDetector extends ArrivalDetector {
    private static final int ANNOUNCED_NS = HEADER_WORDS;
    private static final int INTERVAL_NS = HEADER_WORDS + 1;
    private static final int CURSOR = HEADER_WORDS + 2; // samples << 32 | index of the last one
    private static final int OFFSET_NS = HEADER_WORDS + 3;
    private static final int LONG_SUM_NS = HEADER_WORDS + 4;
    private static final int SHORT_SUM_NS = HEADER_WORDS + 5;
    private static final int SLOW_BEATS = HEADER_WORDS + 6; // slow heartbeats in a row; SLOWED once believed
    private static final int SLOW_NS = HEADER_WORDS + 7;
    private static final int RING = HEADER_WORDS + 8;

    private static final long SLOWED = 1L << 32;

    /** Farther off the schedule than this, in intervals, and there is a new schedule: a peer or a clock was stopped. */
    private static final int LOST_SCHEDULE = 32;

    /** This many intervals in a row, each more than twice as long as announced, and the peer has slowed down. */
    private static final int SLOW_LIMIT = 6;

    /**
     * Without numbers a heartbeat that is so many intervals later than the one before may follow on lost ones. Counted
     * as the very next, it would have the others expected before their time for as long as it is in the window.
     */
    private static final double LOST_BEAT = 1.5;

    private final int shortWindow;
    private final int longWindow;
    private final long unitNs; // of the threshold; 0: an expected interval

    ScheduleDetector(double suspectAt, double deadAt, int shortWindow, int longWindow, long unitNs) {
        super(suspectAt, deadAt);
        this.shortWindow = shortWindow;
        this.longWindow = longWindow;
        this.unitNs = unitNs;
    }

    @Override
    public int stateLongs() {
        return RING + (longWindow > 1 ? longWindow : 0);
    }

    @Override
    int start(Peer peer) {
        restart(peer, peer.expectedIntervalNs());
        peer.state(SLOW_BEATS, 0);
        peer.state(SLOW_NS, 0);
        return 0;
    }

    private void restart(Peer peer, long intervalNs) {
        peer.state(ANNOUNCED_NS, peer.expectedIntervalNs());
        peer.state(INTERVAL_NS, intervalNs);
        restartWindows(peer);
    }

    private void restartWindows(Peer peer) {
        peer.state(CURSOR, 1L << 32);
        peer.state(OFFSET_NS, 0);
        peer.state(LONG_SUM_NS, 0);
        peer.state(SHORT_SUM_NS, 0);
        if (longWindow > 1) {
            peer.state(RING, 0);
        }
    }

    @Override
    int learn(Peer peer, long intervalNs, int sequenceStep, int spareBits) {
        if (peer.state(ANNOUNCED_NS) != peer.expectedIntervalNs()) {
            return start(peer);
        }
        noticeSlowing(peer, intervalNs, sequenceStep);
        if (peer.state(SLOW_BEATS) >= SLOWED) {
            return 0; // its schedule is not the announced one: each heartbeat stands for itself
        }
        if (!isNumbered(peer) && intervalNs > LOST_BEAT * peer.state(INTERVAL_NS)) {
            restartWindows(peer);
            return 0;
        }
        place(peer, intervalNs - peer.state(INTERVAL_NS) * sequenceStep);
        double limitNs = (double) LOST_SCHEDULE * peer.state(INTERVAL_NS);
        if (Math.abs(meanNs(peer, LONG_SUM_NS, longWindow)) > limitNs) {
            restartWindows(peer);
        }
        return 0;
    }

    /**
     * Puts one more arrival into the windows, {@code driftNs} later on the schedule than the one before.
     *
     * <p>Offsets count from an arbitrary origin and may wrap; the sums are of the differences to the newest, so that
     * they stay small and exact.
     */
    private void place(Peer peer, long driftNs) {
        if (longWindow == 1) {
            return;
        }
        long offsetNs = peer.state(OFFSET_NS) + driftNs;
        long cursor = peer.state(CURSOR);
        int samples = (int) (cursor >>> 32);
        int last = (int) cursor;
        int next = last + 1 == longWindow ? 0 : last + 1;

        long longSum = peer.state(LONG_SUM_NS) - samples * driftNs;
        if (samples == longWindow) {
            longSum -= peer.state(RING + next) - offsetNs;
        }
        if (shortWindow > 1 && shortWindow < longWindow) {
            long shortSum = peer.state(SHORT_SUM_NS) - Math.min(samples, shortWindow) * driftNs;
            if (samples >= shortWindow) {
                int oldest = next - shortWindow;
                shortSum -= peer.state(RING + (oldest < 0 ? oldest + longWindow : oldest)) - offsetNs;
            }
            peer.state(SHORT_SUM_NS, shortSum);
        }
        peer.state(LONG_SUM_NS, longSum);
        peer.state(OFFSET_NS, offsetNs);
        peer.state(RING + next, offsetNs);
        peer.state(CURSOR, ((long) Math.min(samples + 1, longWindow) << 32) | next);
    }

    /** A peer that slows down without a word would be suspected before each of its heartbeats from now on. */
    private void noticeSlowing(Peer peer, long intervalNs, int sequenceStep) {
        long beats = peer.state(SLOW_BEATS);
        boolean slowed = beats >= SLOWED;
        double perBeatNs = (double) intervalNs / sequenceStep;
        double believedNs = peer.state(INTERVAL_NS);
        boolean off = perBeatNs > 2 * believedNs || (slowed && perBeatNs < believedNs / 2);
        if (!off) {
            peer.state(SLOW_BEATS, slowed ? SLOWED : 0);
            peer.state(SLOW_NS, 0);
            return;
        }
        long sumNs = peer.state(SLOW_NS) + (long) perBeatNs;
        beats++;
        if ((int) beats == SLOW_LIMIT) {
            long meanNs = Math.max(sumNs / SLOW_LIMIT, peer.expectedIntervalNs());
            restart(peer, meanNs);
            beats = meanNs >= 2 * peer.expectedIntervalNs() ? SLOWED : 0;
            if (beats == 0) {
                peer.state(INTERVAL_NS, peer.expectedIntervalNs());
            }
            sumNs = 0;
        }
        peer.state(SLOW_BEATS, beats);
        peer.state(SLOW_NS, sumNs);
    }

    private double meanNs(Peer peer, int sum, int window) {
        return window == 1 ? 0 : (double) peer.state(sum) / Math.min(window, (int) (peer.state(CURSOR) >>> 32));
    }

    /** Whether the last heartbeat was so far off that it began a schedule of its own. */
    final boolean isNewSchedule(Peer peer) {
        return longWindow > 1 && peer.state(CURSOR) >>> 32 == 1 && peer.state(SLOW_BEATS) < SLOWED;
    }

    /** The interval that the peer seems to keep, normally the announced one. */
    final double intervalNs(Peer peer) {
        return started(peer) ? peer.state(INTERVAL_NS) : peer.expectedIntervalNs();
    }

    /** How long after the last heartbeat the next one is expected; may be 0 or less. */
    final double expectedAfterNs(Peer peer) {
        double earlyNs = 0;
        if (started(peer)) {
            earlyNs = meanNs(peer, LONG_SUM_NS, longWindow);
            if (shortWindow < longWindow) {
                earlyNs = Math.max(earlyNs, meanNs(peer, SHORT_SUM_NS, shortWindow));
            }
        }
        return intervalNs(peer) + earlyNs;
    }

    @Override
    double silenceNs(Peer peer, double threshold) {
        return expectedAfterNs(peer) + threshold * (unitNs > 0 ? unitNs : intervalNs(peer));
    }

    @Override
    String learnt(Peer peer) {
        return String.format("next expected after %.3f s", expectedAfterNs(peer) / 1e9);
    }

    @Override
    public String toString() {
        String margins = suspectAt + ", " + deadAt + (unitNs > 0 ? " ns" : "");
        return shortWindow < longWindow
                ? "twoWindows(" + margins + "; windows " + shortWindow + ", " + longWindow + ")"
                : "chen(" + margins + "; window " + longWindow + ")";
    }
}
