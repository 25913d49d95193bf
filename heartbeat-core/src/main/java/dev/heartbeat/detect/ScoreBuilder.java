package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;

/**
 * Settings of the decaying score. Begin at {@link FailureDetectors#score()}.
 *
 * <p>With the defaults three misses in a row are death, and so are four of five; a peer that misses every other probe
 * stays suspect.
 *
 * <p><b>Threading:</b> confined to one thread; what {@link #build()} returns is immutable.
 */
public final class ScoreBuilder {
    double suspectScore = 1;
    double deadScore = 3;
    double missWeight = 1;
    double lateAckWeight = 0.25;
    double kept = 0.5;

    ScoreBuilder() {}

    /**
     * Sets the score at which the peer is suspected, and at which it is dead. Default: 1 and 3.
     *
     * @param suspect greater than 0, at most 1000
     * @param dead from {@code suspect} to 1000
     * @return this builder
     * @throws IllegalArgumentException if either is out of range
     */
    public ScoreBuilder thresholds(double suspect, double dead) {
        Checks.require(suspect > 0 && suspect <= 1000, "suspect", suspect, "> 0 and <= 1000");
        deadScore = Checks.inRange("dead", dead, suspect, 1000.0);
        suspectScore = suspect;
        return this;
    }

    /**
     * Sets what an unanswered probe adds. Default: 1.
     *
     * @param weight greater than 0, at most 1000
     * @return this builder
     * @throws IllegalArgumentException if {@code weight} is out of range
     */
    public ScoreBuilder missWeight(double weight) {
        Checks.require(weight > 0 && weight <= 1000, "missWeight", weight, "> 0 and <= 1000");
        missWeight = weight;
        return this;
    }

    /**
     * Sets what an ack adds that comes after its probe was given up: the peer lives, but slowly. Default: 0.25.
     *
     * @param weight from 0 to 1000
     * @return this builder
     * @throws IllegalArgumentException if {@code weight} is out of range
     */
    public ScoreBuilder lateAckWeight(double weight) {
        lateAckWeight = Checks.inRange("lateAckWeight", weight, 0.0, 1000.0);
        return this;
    }

    /**
     * Sets the share of the score that is left after a heartbeat of the peer, be it a ping or an ack. Default: 0.5.
     *
     * @param share from 0, which forgives everything, to 1, which forgives nothing
     * @return this builder
     * @throws IllegalArgumentException if {@code share} is out of range
     */
    public ScoreBuilder keptByHeartbeat(double share) {
        kept = Checks.inRange("keptByHeartbeat", share, 0.0, 1.0);
        return this;
    }

    /**
     * Builds the detector.
     *
     * @return an immutable detector
     */
    public FailureDetector build() {
        return new DecayingScore(this);
    }
}
