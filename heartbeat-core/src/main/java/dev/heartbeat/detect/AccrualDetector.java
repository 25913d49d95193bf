package dev.heartbeat.detect;

/**
 * Phi accrual: suspicion is −log10 of the chance that a heartbeat is still to come, after the law that the last
 * intervals suggest: a normal one, or an exponential one.
 *
 * <p>N. Hayashibara, X. Défago, R. Yared, T. Katayama, "The φ accrual failure detector", SRDS 2004; the exponential
 * law as Cassandra has it.
 */
final class AccrualDetector extends ArrivalDetector {
    private static final double LN_10 = Math.log(10);
    private static final int OUTAGE = 20;
    private static final double LEAST_MEAN = 0.1;

    /** So many suspicions in a row, and the peer has another pace. */
    private static final int NEW_PACE = 4;

    private final AccrualBuilder.Law law;
    private final Learning learning;
    private final double deviationFloor;
    private final double pause;
    private final int windowSize;
    private final IntervalWindow window;
    private final int briefestWord;
    private final double suspectFactor;
    private final double deadFactor;

    AccrualDetector(AccrualBuilder builder) {
        super(builder.suspectPhi, builder.deadPhi);
        law = builder.law;
        learning = builder.learning;
        deviationFloor = builder.deviationFloor;
        pause = builder.acceptablePause;
        windowSize = builder.window;
        window = new IntervalWindow(builder.window);
        briefestWord = window.words();
        suspectFactor = factor(suspectAt);
        deadFactor = factor(deadAt);
    }

    /** What the threshold is in deviations beyond the mean, or in means. */
    private double factor(double phi) {
        return law == AccrualBuilder.Law.NORMAL ? NormalTail.deviations(phi) : phi * LN_10;
    }

    @Override
    public int stateLongs() {
        return briefestWord + 1;
    }

    @Override
    int start(Peer peer) {
        return restart(peer, peer.expectedIntervalNs(), peer.expectedIntervalNs());
    }

    private int restart(Peer peer, long originNs, long firstNs) {
        window.clear(peer, originNs);
        if (learning == Learning.EVERYTHING || learning == Learning.NO_OUTAGES) {
            window.add(peer, firstNs);
        } else { // as Akka: a first guess that forgives a little
            window.add(peer, firstNs - firstNs / 4);
            window.add(peer, firstNs + firstNs / 4);
        }
        return 0;
    }

    @Override
    int learn(Peer peer, long intervalNs, int sequenceStep, int spareBits) {
        long announcedNs = peer.expectedIntervalNs();
        if (window.originNs(peer) != announcedNs) {
            return start(peer);
        }
        long sampleNs = Math.max(0, intervalNs);
        if (learning == Learning.CLIPPED) {
            return learnClipped(peer, sampleNs, spareBits);
        }
        boolean learns = switch (learning) {
            case UNSUSPECTED -> sampleNs < silenceNs(peer, suspectAt);
            case NO_OUTAGES -> sampleNs <= (double) OUTAGE * announcedNs;
            case EVERYTHING, CLIPPED -> true;
        };
        if (learns) {
            window.add(peer, sampleNs);
        }
        return 0;
    }

    /** Returns how many heartbeats in a row ended a suspicion. */
    private int learnClipped(Peer peer, long sampleNs, int suspicionsBefore) {
        double suspectAfterNs = silenceNs(peer, suspectAt);
        if (sampleNs < suspectAfterNs) {
            window.add(peer, sampleNs);
            return 0;
        }
        int suspicions = suspicionsBefore + 1;
        long briefestNs = suspicions == 1 ? sampleNs : Math.min(sampleNs, peer.state(briefestWord));
        if (suspicions == NEW_PACE) {
            return restart(peer, window.originNs(peer), briefestNs);
        }
        window.add(peer, (long) suspectAfterNs);
        peer.state(briefestWord, briefestNs);
        return suspicions;
    }

    private double meanNs(Peer peer) {
        // A queue that empties, or a clock that stands still, shows intervals of nothing.
        double leastNs = LEAST_MEAN * peer.expectedIntervalNs();
        return started(peer) ? Math.max(leastNs, window.meanNs(peer)) : peer.expectedIntervalNs();
    }

    private double deviationNs(Peer peer) {
        double learntNs = started(peer) ? window.deviationNs(peer) : 0.25 * peer.expectedIntervalNs();
        return Math.max(learntNs, deviationFloor * peer.expectedIntervalNs());
    }

    private double pauseNs(Peer peer) {
        return pause * peer.expectedIntervalNs();
    }

    @Override
    double silenceNs(Peer peer, double threshold) {
        double factor = threshold == suspectAt ? suspectFactor : deadFactor;
        return law == AccrualBuilder.Law.NORMAL
                ? pauseNs(peer) + meanNs(peer) + factor * deviationNs(peer)
                : pauseNs(peer) + factor * meanNs(peer);
    }

    @Override
    double level(Peer peer, long silenceNs, long deadAfterNs) {
        double graceNs = started(peer) ? 0 : peer.expectedIntervalNs();
        double overNs = silenceNs - pauseNs(peer) - graceNs;
        if (law == AccrualBuilder.Law.EXPONENTIAL) {
            return Math.max(0, overNs / meanNs(peer) / LN_10) / deadAt;
        }
        double deviationNs = deviationNs(peer);
        return deviationNs > 0 ? NormalTail.phi((overNs - meanNs(peer)) / deviationNs) / deadAt : 0;
    }

    @Override
    String learnt(Peer peer) {
        return law == AccrualBuilder.Law.NORMAL
                ? String.format("intervals of %.3f s ± %.3f s", meanNs(peer) / 1e9, deviationNs(peer) / 1e9)
                : String.format("intervals of %.3f s", meanNs(peer) / 1e9);
    }

    @Override
    public String toString() {
        String name = law == AccrualBuilder.Law.NORMAL ? "phi(" : "exponential(";
        return name + suspectAt + ", " + deadAt + "; window " + windowSize + ", " + learning + ")";
    }
}
