package dev.heartbeat.detect;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import java.time.Duration;

/**
 * The built-in failure detectors.
 *
 * <p><b>Threading:</b> everything here is immutable and safe for several threads.
 */
public final class FailureDetectors {
    private static final int CHEN_WINDOW = 32;
    private static final Duration USUAL_CORRELATION = Duration.ofMillis(250);

    private FailureDetectors() {}

    /**
     * Dead when {@code misses} probes in a row stayed unanswered; suspect from the first one. BFD's <em>detect
     * multiplier</em> (RFC 5880, section 6.8.4).
     *
     * @param misses from 1 to 255
     * @return the detector
     * @throws IllegalArgumentException if {@code misses} is out of range
     */
    public static FailureDetector consecutiveMisses(int misses) {
        return new ConsecutiveMisses(Checks.inRange("misses", misses, 1, 255));
    }

    /**
     * Dead when {@code k} of the last {@code n} probes stayed unanswered; suspect from the first one.
     *
     * @param k from 1 to {@code n}
     * @param n from 1 to 63
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector missesOfLast(int k, int n) {
        Checks.inRange("n", n, 1, MissesOfLast.LONGEST);
        return new MissesOfLast(Checks.inRange("k", k, 1, n), n);
    }

    /**
     * Dead when a score is reached, to which misses add much, late acks little, and which every heartbeat diminishes.
     *
     * @return a builder
     */
    public static ScoreBuilder score() {
        return new ScoreBuilder();
    }

    /**
     * Dead after a fixed silence.
     *
     * @param limit greater than 0
     * @return the detector
     * @throws IllegalArgumentException if {@code limit} is not greater than 0
     */
    public static FailureDetector silence(Duration limit) {
        return SilenceDeadline.of(Checks.positiveNs("limit", limit));
    }

    /**
     * Dead after a silence of some expected intervals: what the peer announced, otherwise what the policy tells. MQTT's
     * rule is 1.5 (MQTT 5.0, section 3.1.2.10), AMQP's is 2.
     *
     * @param intervals from 1 to 1000; 1 leaves no room for any delay
     * @return the detector
     * @throws IllegalArgumentException if {@code intervals} is out of range
     */
    public static FailureDetector silence(double intervals) {
        return SilenceDeadline.of(Checks.inRange("intervals", intervals, 1.0, 1000.0));
    }

    /**
     * Suspect, then dead, after a silence of some expected intervals.
     *
     * @param suspect from 1 to 1000, in expected intervals
     * @param dead from {@code suspect} to 1000
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector silence(double suspect, double dead) {
        Checks.inRange("suspect", suspect, 1.0, 1000.0);
        return SilenceDeadline.of(suspect, Checks.inRange("dead", dead, suspect, 1000.0));
    }

    /**
     * Chen's NFD-E: expects the next heartbeat where the last 32 put it on the peer's schedule, and
     * adds a margin. Assumes that the peer keeps the expected interval.
     *
     * @param suspect margin after which the peer is suspected, in expected intervals from 0 to 1000
     * @param dead margin after which it is dead, from {@code suspect} to 1000
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector chen(double suspect, double dead) {
        return chen(suspect, dead, CHEN_WINDOW);
    }

    /**
     * Chen's NFD-E with a window of one's choice. One heartbeat is best on links whose delays hang together, more are
     * best where each is late by chance.
     *
     * @param suspect margin after which the peer is suspected, in expected intervals from 0 to 1000
     * @param dead margin after which it is dead, from {@code suspect} to 1000
     * @param window heartbeats remembered, at 8 bytes each, from 1 to 16 384
     * @return the detector
     * @throws IllegalArgumentException if any is out of range
     */
    public static FailureDetector chen(double suspect, double dead, int window) {
        checkThresholds(suspect, dead);
        IntervalWindow.checkedSize(window);
        return new ScheduleDetector(suspect, dead, window, window, 0);
    }

    /**
     * Chen's NFD-E with margins that do not change with the expected interval.
     *
     * @param suspect margin after which the peer is suspected, at least 0
     * @param dead margin after which it is dead, at least {@code suspect}
     * @param window heartbeats remembered, at 8 bytes each, from 1 to 16 384
     * @return the detector
     * @throws IllegalArgumentException if any is out of range
     */
    public static FailureDetector chen(Duration suspect, Duration dead, int window) {
        long suspectNs = Checks.nonNegativeNs("suspect", suspect);
        long deadNs = Checks.nonNegativeNs("dead", dead);
        Checks.require(deadNs >= suspectNs, "dead", dead, ">= suspect " + suspect);
        IntervalWindow.checkedSize(window);
        return new ScheduleDetector(suspectNs, deadNs, window, window, 1);
    }

    /**
     * 2W-FD: Chen's expectation twice, from the last heartbeat alone and from the last 1000, of which the later counts.
     *
     * @param suspect margin after which the peer is suspected, in expected intervals from 0 to 1000
     * @param dead margin after which it is dead, from {@code suspect} to 1000
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector twoWindows(double suspect, double dead) {
        return twoWindows(suspect, dead, 1, 1000);
    }

    /**
     * 2W-FD with windows of one's choice.
     *
     * @param suspect margin after which the peer is suspected, in expected intervals from 0 to 1000
     * @param dead margin after which it is dead, from {@code suspect} to 1000
     * @param shortWindow heartbeats, from 1 to {@code longWindow}
     * @param longWindow heartbeats remembered, at 8 bytes each, from 1 to 16 384
     * @return the detector
     * @throws IllegalArgumentException if any is out of range
     */
    public static FailureDetector twoWindows(double suspect, double dead, int shortWindow, int longWindow) {
        checkThresholds(suspect, dead);
        Checks.inRange("longWindow", longWindow, 1, IntervalWindow.LONGEST);
        Checks.inRange("shortWindow", shortWindow, 1, longWindow);
        return new ScheduleDetector(suspect, dead, shortWindow, longWindow, 0);
    }

    /**
     * Bertier's: Chen's expectation from the last 1000, and a margin that follows its error. 4 is usual.
     *
     * @param suspect deviations after which the peer is suspected, from 0 to 1000
     * @param dead deviations after which it is dead, from {@code suspect} to 1000; never before two expected intervals
     *     of silence
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector bertier(double suspect, double dead) {
        return bertier(suspect, dead, 1000);
    }

    /**
     * Bertier's with a window of one's choice.
     *
     * @param suspect deviations after which the peer is suspected, from 0 to 1000
     * @param dead deviations after which it is dead, from {@code suspect} to 1000; never before two expected intervals
     *     of silence
     * @param window heartbeats remembered, at 8 bytes each, from 1 to 16 384
     * @return the detector
     * @throws IllegalArgumentException if any is out of range
     */
    public static FailureDetector bertier(double suspect, double dead, int window) {
        checkThresholds(suspect, dead);
        return new BertierDetector(suspect, dead, IntervalWindow.checkedSize(window));
    }

    /**
     * Phi accrual with the defaults of {@link #phi()}.
     *
     * @param suspect phi at which the peer is suspected, greater than 0, at most 100 000
     * @param dead phi at which it is dead, from {@code suspect} to 100 000
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector phi(double suspect, double dead) {
        return phi().thresholds(suspect, dead).build();
    }

    /**
     * Phi accrual: suspicion is −log10 of the chance that a heartbeat is still to come, if intervals follow a normal
     * law. The silence at which it is reached is known beforehand; nothing polls.
     *
     * @return a builder
     */
    public static AccrualBuilder phi() {
        return new AccrualBuilder(AccrualBuilder.Law.NORMAL);
    }

    /**
     * Cassandra's phi with the defaults of {@link #exponential()}.
     *
     * @param suspect phi at which the peer is suspected, greater than 0, at most 100 000
     * @param dead phi at which it is dead, from {@code suspect} to 100 000
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector exponential(double suspect, double dead) {
        return exponential().thresholds(suspect, dead).build();
    }

    /**
     * Accrual with an exponential law: a silence of ln 10 mean intervals for each unit of phi. Very patient.
     *
     * @return a builder
     */
    public static AccrualBuilder exponential() {
        return new AccrualBuilder(AccrualBuilder.Law.EXPONENTIAL);
    }

    /**
     * Ours, as we would use it when nothing more is known: {@code adaptive(3, 6)}.
     *
     * @return the detector
     */
    public static FailureDetector adaptive() {
        return adaptive(3, 6);
    }

    /**
     * Ours: follows how late heartbeats are and how much that varies, just now and in the long run, in three words for
     * each connection. One setting serves unlike links: what is spared on the good ones is spent on the bad ones.
     *
     * <p>1 suspects at the slightest irregularity, 3 after half an interval of delay on a good link, 4.5 survives a lost
     * heartbeat, 6 two of them.
     *
     * @param suspect factor at which the peer is suspected, from 0 to 100
     * @param dead factor at which it is dead, from {@code suspect} to 100
     * @return the detector
     * @throws IllegalArgumentException if either is out of range
     */
    public static FailureDetector adaptive(double suspect, double dead) {
        Checks.inRange("suspect", suspect, 0.0, 100.0);
        return new AdaptiveDetector(suspect, Checks.inRange("dead", dead, suspect, 100.0));
    }

    /**
     * Plans an interval and a margin that keep a promise, for any law of delay with this mean and deviation, and with
     * heartbeats within 250 ms counting as one. See {@link #forQuality(Duration, Duration, Duration, double, DelayLaw,
     * Duration)}.
     *
     * @param detectionTime from a crash to the suspicion, at most, not counting the mean delay; greater than 0
     * @param betweenMistakes mean time from one mistake to the next, at least; greater than 0
     * @param mistakeDuration mean time until a mistake is corrected, at most; greater than 0
     * @param loss share of heartbeats that never come, from 0 to less than 1
     * @param delayMean mean delay of those that come, at least 0
     * @param delayDeviation its standard deviation, at least 0
     * @return the plan, or why there is none
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static QualityPlan forQuality(
            Duration detectionTime,
            Duration betweenMistakes,
            Duration mistakeDuration,
            double loss,
            Duration delayMean,
            Duration delayDeviation) {
        DelayLaw law = DelayLaw.any(delayMean, delayDeviation);
        return forQuality(detectionTime, betweenMistakes, mistakeDuration, loss, law, USUAL_CORRELATION);
    }

    /**
     * Plans the longest interval, and the margin for {@link #chen(Duration, Duration, int)}, that keep a promise: Chen's
     * configurators.
     *
     * <p>The observer need not know the peer's clock. With {@link DelayLaw#any} the detection time counts from when the
     * last heartbeat was expected, so that the mean delay comes on top; the plan promises the sum.
     *
     * <p>They multiply the chances that each of several heartbeats fails to come, which is right when those have
     * nothing to do with each other. Real losses come in bursts. Tell how long things stay bad once they are, and
     * heartbeats that are sent within that time count as one. On published traces 20 to 250 ms were needed, and a
     * wireless link may need seconds.
     *
     * @param detectionTime from a crash to the suspicion, at most, see above; greater than 0
     * @param betweenMistakes mean time from one mistake to the next, at least; greater than 0
     * @param mistakeDuration mean time until a mistake is corrected, at most; greater than 0
     * @param loss share of heartbeats that never come, from 0 to less than 1
     * @param delay what is known of the delay of those that come
     * @param correlationTime how long one loss or delay says something about the next, at least 0; 0: not at all
     * @return the plan, or why there is none
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static QualityPlan forQuality(
            Duration detectionTime,
            Duration betweenMistakes,
            Duration mistakeDuration,
            double loss,
            DelayLaw delay,
            Duration correlationTime) {
        Checks.require(loss >= 0 && loss < 1, "loss", loss, ">= 0 and < 1");
        return new Configurator(
                        Checks.positiveNs("detectionTime", detectionTime) / 1e9,
                        Checks.positiveNs("betweenMistakes", betweenMistakes) / 1e9,
                        Checks.positiveNs("mistakeDuration", mistakeDuration) / 1e9,
                        loss,
                        requireNonNull(delay, "delay"),
                        Checks.nonNegativeNs("correlationTime", correlationTime) / 1e9)
                .plan();
    }

    private static void checkThresholds(double suspect, double dead) {
        Checks.inRange("suspect", suspect, 0.0, 1000.0);
        Checks.inRange("dead", dead, suspect, 1000.0);
    }
}
