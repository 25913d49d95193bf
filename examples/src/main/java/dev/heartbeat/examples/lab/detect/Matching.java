package dev.heartbeat.examples.lab.detect;

import java.util.function.DoubleUnaryOperator;

/** Finds the setting at which a detector takes a wanted detection time: regula falsi on a logarithmic scale. */
final class Matching {
    private static final int MOST_STEPS = 60;

    private Matching() {}

    /**
     * Looks for the setting.
     *
     * @param value of a setting; rises with it
     * @param target wanted value
     * @param tolerance how far from the target is near enough
     * @return the setting, or not a number if there is none in the contender's range
     */
    static double settingFor(Contender contender, DoubleUnaryOperator value, double target, double tolerance) {
        double low = contender.least();
        double high = low;
        double lowOff = value.applyAsDouble(low) - target;
        if (lowOff > tolerance) {
            return Double.NaN;
        }
        double highOff = lowOff;
        while (highOff < 0 && high < contender.most()) {
            low = high;
            lowOff = highOff;
            high = Math.min(contender.most(), high < 0.1 ? 0.1 : high * 3);
            highOff = value.applyAsDouble(high) - target;
        }
        if (highOff < -tolerance) {
            return Double.NaN;
        }
        for (int step = 0; step < MOST_STEPS; step++) {
            if (Math.abs(highOff) <= tolerance) {
                return high;
            }
            if (Math.abs(lowOff) <= tolerance) {
                return low;
            }
            // Every third step halves, so that a jump in the curve cannot hold it up.
            double share = step % 3 == 2 ? 0.5 : -lowOff / (highOff - lowOff);
            double middle = low + (high - low) * Math.min(0.99, Math.max(0.01, share));
            double off = value.applyAsDouble(middle) - target;
            if (off < 0) {
                low = middle;
                lowOff = off;
            } else {
                high = middle;
                highOff = off;
            }
        }
        return high;
    }
}
