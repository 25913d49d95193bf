package dev.heartbeat.detect;

/**
 * From what a user wants to the longest interval that gives it.
 *
 * <p>W. Chen, S. Toueg, M. K. Aguilera, "On the quality of service of failure detectors", IEEE Transactions on
 * Computers 51 (2002), sections 4 and 6. Seconds throughout.
 */
final class Configurator {
    /** Steps in which intervals are tried, downwards: a thousandth each, over a factor of a million. */
    private static final double STEP = 0.999;

    private static final double SHORTEST_SHARE = 1e-6;
    private static final int BISECTIONS = 60;

    /** More heartbeats within one detection time are no plan, and each of them costs a step for each interval tried. */
    private static final double MOST_HEARTBEATS = 100_000;

    private final double detection;
    private final double betweenMistakes;
    private final double mistakeDuration;
    private final double loss;
    private final DelayLaw delay;
    private final double correlation;

    Configurator(
            double detection,
            double betweenMistakes,
            double mistakeDuration,
            double loss,
            DelayLaw delay,
            double correlation) {
        this.detection = detection;
        this.betweenMistakes = betweenMistakes;
        this.mistakeDuration = mistakeDuration;
        this.loss = loss;
        this.delay = delay;
        this.correlation = correlation;
    }

    QualityPlan plan() {
        double comes = 1 - delay.notCome(loss, detection);
        if (correlation > comes * mistakeDuration) {
            return infeasible(String.format(
                    "a correlation time of %.6g s is longer than a mistake may last (%.6g s)",
                    correlation, mistakeDuration));
        }
        // Chen's NFD-S waits from the moment of sending, NFD-E and our detector from the expected arrival.
        double beforeArrival = delay.countsFromExpectedArrival() ? 0 : delay.mean();
        if (detection <= beforeArrival) {
            return infeasible(String.format(
                    "a detection time of %.6g s leaves no time for the mean delay of %.6g s",
                    detection, beforeArrival));
        }
        double longest = Math.min(comes * mistakeDuration, detection - beforeArrival);
        double interval = longestInterval(longest);
        if (interval == 0) {
            return infeasible(String.format(
                    "with delays of %s and a loss of %.3g no interval, down to %.3g heartbeats within the detection"
                            + " time, makes mistakes as rare as one in %.6g s%s",
                    delay,
                    loss,
                    MOST_HEARTBEATS,
                    betweenMistakes,
                    correlation > 0
                            ? String.format(
                                    ", since heartbeats within the correlation time of %.6g s count as one",
                                    correlation)
                            : ""));
        }
        return new QualityPlan(
                interval,
                Math.max(0, detection - beforeArrival - interval),
                detection + (delay.countsFromExpectedArrival() ? delay.mean() : 0),
                recurrence(interval, Double.POSITIVE_INFINITY),
                stride(interval) * interval / comes,
                caveat(interval));
    }

    private double longestInterval(double longest) {
        double tooLong = longest;
        double shortest = Math.max(longest * SHORTEST_SHARE, detection / MOST_HEARTBEATS);
        for (double interval = longest; interval >= shortest; interval *= STEP) {
            if (serves(interval)) {
                return refined(interval, tooLong);
            }
            tooLong = interval;
        }
        return 0;
    }

    private double refined(double good, double tooLong) {
        double low = good;
        double high = tooLong;
        for (int i = 0; i < BISECTIONS && low < high; i++) {
            double middle = (low + high) / 2;
            if (serves(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean serves(double interval) {
        double comes = 1 - delay.notCome(loss, detection);
        return stride(interval) * interval <= comes * mistakeDuration
                && recurrence(interval, betweenMistakes) >= betweenMistakes;
    }

    /** Every so many heartbeats tell something new: those within the correlation time count as one. */
    private int stride(double interval) {
        return (int) Math.min(1 << 30, Math.max(1, Math.ceil(correlation / interval)));
    }

    /** Mean time between mistakes, at least; not looked into further once it is {@code enough}. */
    private double recurrence(double interval, double enough) {
        int stride = stride(interval);
        double last = Math.ceil(detection / interval) - 1;
        double time = delay.countsFromExpectedArrival() ? interval : interval / (1 - delay.notCome(loss, detection));
        for (double j = 1; j <= last && time < enough; j += stride) {
            time /= delay.notCome(loss, detection - j * interval);
        }
        return time;
    }

    private String caveat(double interval) {
        if (correlation > 0) {
            return String.format(
                    "holds if what befalls one heartbeat tells nothing of another %.6g s later", correlation);
        }
        return String.format(
                "holds if what befalls one heartbeat tells nothing of another %.6g s later; if losses come in longer"
                        + " bursts, give the correlation time",
                interval);
    }

    private static QualityPlan infeasible(String reason) {
        return new QualityPlan(reason);
    }
}
