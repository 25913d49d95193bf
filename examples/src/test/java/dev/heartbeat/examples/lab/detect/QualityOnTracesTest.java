package dev.heartbeat.examples.lab.detect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.DelayLaw;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.detect.QualityPlan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code forQuality} promises from a network's statistics holds on that network's heartbeats, or it refused. */
class QualityOnTracesTest {
    private static final int HEARTBEATS = 200_000;
    private static final int WARMUP = 100;
    private static final int ENOUGH = 1000;

    private record Wish(Duration detection, Duration betweenMistakes, Duration mistake) {}

    private static final List<Wish> WISHES = List.of(
            new Wish(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(10)),
            new Wish(Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofSeconds(10)),
            new Wish(Duration.ofSeconds(5), Duration.ofMinutes(30), Duration.ofSeconds(30)),
            new Wish(Duration.ofSeconds(30), Duration.ofHours(6), Duration.ofSeconds(60)),
            new Wish(Duration.ofMinutes(2), Duration.ofDays(30), Duration.ofSeconds(60)));

    @ParameterizedTest
    @EnumSource
    void promise_holdsOnTheTrace_orWasRefused(Synthetic network) {
        for (Wish wish : WISHES) {
            check(network, wish);
        }
    }

    @Test
    void someWishes_areGranted() {
        long granted = Arrays.stream(Synthetic.values())
                .flatMap(network -> WISHES.stream().map(wish -> check(network, wish)))
                .filter(it -> it)
                .count();
        assertTrue(granted >= 4, "only " + granted + " granted");
    }

    /** Whether the wish was granted, and could be tried on the trace. */
    private static boolean check(Synthetic network, Wish wish) {
        Synthetic.Times times = network.generate(HEARTBEATS, 1);
        QualityPlan plan = plan(times, wish);
        long periodNs = (times.sentNs()[HEARTBEATS - 1] - times.sentNs()[0]) / (HEARTBEATS - 1);
        int every = plan.feasible() ? (int) (plan.interval().toNanos() / periodNs) : 0;
        int kept = every == 0 ? 0 : HEARTBEATS / every;
        if (kept < ENOUGH) {
            return false; // refused, or a pace that this trace is too coarse or too short to show
        }
        long[] sentNs = new long[kept];
        long[] receivedNs = new long[kept];
        for (int i = 0; i < kept; i++) {
            sentNs[i] = times.sentNs()[i * every];
            receivedNs[i] = times.receivedNs()[i * every];
        }
        Trace trace = Trace.of(network.name(), periodNs * every, sentNs, receivedNs);
        Score score = Replay.score(trace, new DetectorJudge(plan.detector()), WARMUP, false);

        String about = network + ", " + wish + ", " + plan + ": " + score;
        assertTrue(score.detectionMeanNs() <= plan.promisedDetectionTime().toNanos(), about);
        if (score.mistakes() > 1) { // one may be chance: the trace is shorter than some promises
            double betweenNs = score.watchedNs() / score.mistakes();
            assertTrue(betweenNs >= plan.promisedTimeBetweenMistakes().toNanos(), about);
            assertTrue(score.mistakeMeanNs() <= plan.promisedMistakeDuration().toNanos(), about);
        }
        return true;
    }

    /** From what a person would measure: loss, delay, and how long things stay bad at the worst. */
    private static QualityPlan plan(Synthetic.Times times, Wish wish) {
        double sum = 0;
        double squares = 0;
        int arrived = 0;
        long worstNs = 0;
        long lastHeardNs = times.sentNs()[0];
        for (int i = 0; i < HEARTBEATS; i++) {
            if (times.receivedNs()[i] == Trace.lost()) {
                continue;
            }
            double delayNs = times.receivedNs()[i] - times.sentNs()[i];
            sum += delayNs;
            squares += delayNs * delayNs;
            arrived++;
            worstNs = Math.max(worstNs, times.receivedNs()[i] - lastHeardNs);
            lastHeardNs = Math.max(lastHeardNs, times.receivedNs()[i]);
        }
        double mean = sum / arrived;
        double deviation = Math.sqrt(Math.max(0, squares / arrived - mean * mean));
        return FailureDetectors.forQuality(
                wish.detection(),
                wish.betweenMistakes(),
                wish.mistake(),
                1 - (double) arrived / HEARTBEATS,
                DelayLaw.any(Duration.ofNanos((long) mean), Duration.ofNanos((long) deviation)),
                Duration.ofNanos(worstNs));
    }
}
