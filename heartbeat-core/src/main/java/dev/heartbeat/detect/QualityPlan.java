package dev.heartbeat.detect;

import java.time.Duration;

/**
 * The answer of {@link FailureDetectors#forQuality}: with which interval the peer must send, with which margin we must
 * wait, and what that promises; or why it cannot be done.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class QualityPlan {
    private static final int WINDOW = 32;

    private final boolean feasible;
    private final double interval;
    private final double margin;
    private final double detectionTime;
    private final double betweenMistakes;
    private final double mistakeDuration;
    private final String remark;

    QualityPlan(String reason) {
        feasible = false;
        interval = 0;
        margin = 0;
        detectionTime = 0;
        betweenMistakes = 0;
        mistakeDuration = 0;
        remark = reason;
    }

    QualityPlan(
            double interval,
            double margin,
            double detectionTime,
            double betweenMistakes,
            double mistakeDuration,
            String caveat) {
        this.feasible = true;
        this.interval = interval;
        this.margin = margin;
        this.detectionTime = detectionTime;
        this.betweenMistakes = betweenMistakes;
        this.mistakeDuration = mistakeDuration;
        this.remark = caveat;
    }

    /**
     * Whether there is a plan at all.
     *
     * @return false if what was wanted cannot be promised; then {@link #remark()} says why
     */
    public boolean feasible() {
        return feasible;
    }

    /**
     * The interval at which the peer must send: the longest that will do.
     *
     * @return greater than 0
     * @throws IllegalStateException if not feasible
     */
    public Duration interval() {
        return duration(interval);
    }

    /**
     * How long after its expected arrival a heartbeat is waited for.
     *
     * @return at least 0
     * @throws IllegalStateException if not feasible
     */
    public Duration margin() {
        return duration(margin);
    }

    /**
     * From a crash to the suspicion, at most.
     *
     * @return what was asked for; plus the mean delay if that did not count
     * @throws IllegalStateException if not feasible
     */
    public Duration promisedDetectionTime() {
        return duration(detectionTime);
    }

    /**
     * Mean time from one mistake to the next, at least.
     *
     * @return what was asked for or more; at most 292 years
     * @throws IllegalStateException if not feasible
     */
    public Duration promisedTimeBetweenMistakes() {
        return duration(betweenMistakes);
    }

    /**
     * Mean time until a mistake is corrected, at most.
     *
     * @return what was asked for or less
     * @throws IllegalStateException if not feasible
     */
    public Duration promisedMistakeDuration() {
        return duration(mistakeDuration);
    }

    /**
     * On what the promise rests, or why there is none.
     *
     * @return a line for people
     */
    public String remark() {
        return remark;
    }

    /**
     * The detector that keeps the promise: Chen's NFD-E, suspect and dead at the margin.
     *
     * @return an immutable detector, for peers that send at {@link #interval()}
     * @throws IllegalStateException if not feasible
     */
    public FailureDetector detector() {
        return FailureDetectors.chen(margin(), margin(), WINDOW);
    }

    private Duration duration(double seconds) {
        if (!feasible) {
            throw new IllegalStateException("infeasible: " + remark);
        }
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    @Override
    public String toString() {
        return feasible
                ? String.format(
                        "interval %.6g s, margin %.6g s: detects within %.6g s, a mistake in %.6g s of %.6g s; %s",
                        interval, margin, detectionTime, betweenMistakes, mistakeDuration, remark)
                : "infeasible: " + remark;
    }
}
