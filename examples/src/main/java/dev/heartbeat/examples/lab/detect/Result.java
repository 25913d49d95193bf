package dev.heartbeat.examples.lab.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** One line of the table, and one object of the JSON. */
@JsonPropertyOrder({
    "trace",
    "detector",
    "setting",
    "tdMeanMs",
    "tdP99Ms",
    "mistakes",
    "mistakesPerHour",
    "mistakeMeanMs",
    "queryAccuracy",
    "heartbeats"
})
record Result(
        String trace,
        String detector,
        double setting,
        double tdMeanMs,
        double tdP99Ms,
        long mistakes,
        double mistakesPerHour,
        double mistakeMeanMs,
        double queryAccuracy,
        long heartbeats) {
    static Result of(Trace trace, Contender contender, double setting, Score score) {
        return new Result(
                trace.name(),
                contender.name(),
                setting,
                score.detectionMeanNs() / 1e6,
                score.detectionP99Ns() / 1e6,
                score.mistakes(),
                score.mistakesPerHour(),
                score.mistakeMeanNs() / 1e6,
                score.queryAccuracy(),
                score.heartbeats());
    }
}
