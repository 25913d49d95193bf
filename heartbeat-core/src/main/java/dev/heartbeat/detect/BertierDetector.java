package dev.heartbeat.detect;

/**
 * Chen's expected arrival plus a margin that follows the error of the expectation, as TCP's timeout follows the
 * round trip.
 *
 * <p>M. Bertier, O. Marin, P. Sens, "Implementation and performance evaluation of an adaptable failure detector",
 * DSN 2002.
 */
final class BertierDetector extends ScheduleDetector {
    private static final double GAIN = 0.1;

    private final int delayWord;
    private final int deviationWord;

    BertierDetector(double suspectAt, double deadAt, int window) {
        super(suspectAt, deadAt, window, window, 0);
        delayWord = super.stateLongs();
        deviationWord = delayWord + 1;
    }

    @Override
    public int stateLongs() {
        return super.stateLongs() + 2;
    }

    @Override
    int start(Peer peer) {
        store(peer, 0, 0);
        return super.start(peer);
    }

    @Override
    int learn(Peer peer, long intervalNs, int sequenceStep, int spareBits) {
        double expectedNs = expectedAfterNs(peer) + (sequenceStep - 1.0) * intervalNs(peer);
        super.learn(peer, intervalNs, sequenceStep, spareBits);
        if (isNewSchedule(peer)) {
            store(peer, 0, deviationNs(peer)); // and no error against the old one to learn from
            return 0;
        }
        double errorNs = intervalNs - expectedNs;
        double delayNs = delayNs(peer);
        double surpriseNs = errorNs - delayNs;
        double deviationNs = deviationNs(peer);
        store(peer, delayNs + GAIN * surpriseNs, deviationNs + GAIN * (Math.abs(surpriseNs) - deviationNs));
        return 0;
    }

    private void store(Peer peer, double delayNs, double deviationNs) {
        peer.state(delayWord, Double.doubleToRawLongBits(delayNs));
        peer.state(deviationWord, Double.doubleToRawLongBits(deviationNs));
    }

    private double delayNs(Peer peer) {
        return Double.longBitsToDouble(peer.state(delayWord));
    }

    private double deviationNs(Peer peer) {
        return Double.longBitsToDouble(peer.state(deviationWord));
    }

    @Override
    double leastDeadlyIntervals() {
        return 2; // there is no margin at all before the first error has been seen
    }

    @Override
    double silenceNs(Peer peer, double threshold) {
        return expectedAfterNs(peer) + delayNs(peer) + threshold * deviationNs(peer);
    }

    @Override
    String learnt(Peer peer) {
        return String.format(
                "%s, delay %.3f s, deviation %.3f s", super.learnt(peer), delayNs(peer) / 1e9, deviationNs(peer) / 1e9);
    }

    @Override
    public String toString() {
        return "bertier(" + suspectAt + ", " + deadAt + ")";
    }
}
