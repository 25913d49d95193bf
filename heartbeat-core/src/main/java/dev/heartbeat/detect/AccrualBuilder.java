package dev.heartbeat.detect;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;

/**
 * Settings of an accrual detector, for those who want more than its two thresholds. Begin at
 * {@link FailureDetectors#phi()} or {@link FailureDetectors#exponential()}.
 *
 * <p><b>Threading:</b> confined to one thread; what {@link #build()} returns is immutable.
 */
public final class AccrualBuilder {
    enum Law {
        NORMAL,
        EXPONENTIAL
    }

    private static final double MOST = 100_000;

    final Law law;
    double suspectPhi = 8;
    double deadPhi = 16;
    int window = 200;
    double deviationFloor = 0.1;
    double acceptablePause;
    Learning learning = Learning.CLIPPED;

    AccrualBuilder(Law law) {
        this.law = law;
    }

    /**
     * Sets phi at which the peer is suspected, and at which it is dead. Phi 8 means that a heartbeat that late comes
     * once in 10⁸, if the law held. Default: 8 and 16.
     *
     * @param suspect greater than 0, at most 100 000
     * @param dead from {@code suspect} to 100 000
     * @return this builder
     * @throws IllegalArgumentException if either is out of range
     */
    public AccrualBuilder thresholds(double suspect, double dead) {
        Checks.require(suspect > 0 && suspect <= MOST, "suspect", suspect, "> 0 and <= " + MOST);
        deadPhi = Checks.inRange("dead", dead, suspect, MOST);
        suspectPhi = suspect;
        return this;
    }

    /**
     * Sets how many intervals are remembered, at 8 bytes each. Default: 200.
     *
     * @param intervals from 1 to 16 384
     * @return this builder
     * @throws IllegalArgumentException if {@code intervals} is out of range
     */
    public AccrualBuilder window(int intervals) {
        window = IntervalWindow.checkedSize(intervals);
        return this;
    }

    /**
     * Sets the least deviation that is believed, so that a very regular peer is not suspected for a trifle. Default:
     * 0.1. Without meaning to the exponential law, which has no deviation.
     *
     * @param intervals in expected intervals, from 0 to 1000
     * @return this builder
     * @throws IllegalArgumentException if {@code intervals} is out of range
     */
    public AccrualBuilder deviationFloor(double intervals) {
        deviationFloor = Checks.inRange("deviationFloor", intervals, 0.0, 1000.0);
        return this;
    }

    /**
     * Sets the silence that is forgiven before suspicion begins to grow. Default: 0.
     *
     * @param intervals in expected intervals, from 0 to 1000
     * @return this builder
     * @throws IllegalArgumentException if {@code intervals} is out of range
     */
    public AccrualBuilder acceptablePause(double intervals) {
        acceptablePause = Checks.inRange("acceptablePause", intervals, 0.0, 1000.0);
        return this;
    }

    /**
     * Sets which intervals are learnt. Default: {@link Learning#CLIPPED}.
     *
     * @param value one of the rules
     * @return this builder
     */
    public AccrualBuilder learning(Learning value) {
        learning = requireNonNull(value, "learning");
        return this;
    }

    /**
     * Builds the detector.
     *
     * @return an immutable detector
     */
    public FailureDetector build() {
        return new AccrualDetector(this);
    }
}
