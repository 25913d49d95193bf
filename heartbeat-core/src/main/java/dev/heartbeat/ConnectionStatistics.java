package dev.heartbeat;

import java.time.Duration;
import java.util.Optional;

/**
 * A snapshot of one connection.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param liveness what is known of it
 * @param silence how long nothing has arrived, time in which we were stalled taken out
 * @param interval the interval in force; how often the peer should be heard, if the policy only listens
 * @param lastRoundTrip the last round trip, to the microsecond; empty if none was measured or nothing is counted
 * @param consecutiveMisses probes in a row without an answer; any evidence sets it back to 0
 * @param suspicion the detector's degree of belief that the peer is gone; 1 is death
 * @param explanation the detector's reasons in words
 * @param probes probes asked for since it was opened; 0 if nothing is counted, as the following
 * @param acks probes answered in time
 * @param misses probes given up
 * @param lateAcks acks that came after their probe had been given up
 */
public record ConnectionStatistics(
        Liveness liveness,
        Duration silence,
        Duration interval,
        Optional<Duration> lastRoundTrip,
        int consecutiveMisses,
        double suspicion,
        String explanation,
        int probes,
        int acks,
        int misses,
        int lateAcks) {

    static ConnectionStatistics of(Connections all, Engine engine, int slot, long nowNs) {
        Rules its = all.rules(slot);
        long roundTripNs = all.counts.roundTripNs(slot);
        return new ConnectionStatistics(
                all.liveness(slot),
                Duration.ofNanos(engine.silenceNs(slot, nowNs)),
                Duration.ofNanos(engine.intervals().inForceNs(slot, its, nowNs)),
                roundTripNs < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(roundTripNs)),
                all.misses(slot),
                engine.parts().suspicion(slot, its, nowNs),
                engine.parts().explain(slot, its, nowNs),
                all.counts.get(slot, Counts.PROBES),
                all.counts.get(slot, Counts.ACKS),
                all.counts.get(slot, Counts.MISSES),
                all.counts.get(slot, Counts.LATE_ACKS));
    }
}
