package dev.heartbeat.detect;

/**
 * The tail of the normal distribution, in the logistic approximation that the accrual detectors of Akka made usual,
 * and its inverse: with it the moment at which phi is reached is known at once, and nothing polls.
 *
 * <p>P(Y &gt; y) = 1 / (1 + exp(y (1.5976 + 0.070566 y²))), and phi = −log10 of it.
 */
final class NormalTail {
    private static final double LINEAR = 1.5976;
    private static final double CUBIC = 0.070566;
    private static final double LN_10 = Math.log(10);

    private NormalTail() {}

    /** Phi after {@code y} deviations beyond the mean. */
    static double phi(double y) {
        double x = y * (LINEAR + CUBIC * y * y);
        // log1p(exp(x)) without overflow
        return (Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)))) / LN_10;
    }

    /** The deviations beyond the mean after which {@code phi} is reached, for {@code phi} greater than 0. */
    static double deviations(double phi) {
        double x = phi * LN_10 + Math.log(-Math.expm1(-phi * LN_10)); // ln(10^phi - 1)
        double y = Math.cbrt(x / CUBIC);
        y = Math.abs(y) > 3 ? y : x / LINEAR;
        for (int i = 0; i < 64; i++) {
            y -= (y * (LINEAR + CUBIC * y * y) - x) / (LINEAR + 3 * CUBIC * y * y);
        }
        return y;
    }
}
