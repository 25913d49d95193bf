package dev.heartbeat;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot of a service's counts.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param shards how many threads there are
 * @param dropped acks, pings and malformed frames that found their queue full
 * @param total the counts of all threads' monitors, each as of its last turn; of the last lateness the most
 */
public record ServiceStatistics(int shards, long dropped, MonitorStatistics total) {

    static MonitorStatistics sum(List<MonitorStatistics> all) {
        Map<DeathCause.Kind, Long> deadBy = new EnumMap<>(DeathCause.Kind.class);
        for (MonitorStatistics one : all) {
            one.deadBy().forEach((kind, count) -> deadBy.merge(kind, count, Long::sum));
        }
        return new MonitorStatistics(
                all.stream().mapToInt(MonitorStatistics::open).sum(),
                all.stream().mapToLong(MonitorStatistics::opened).sum(),
                all.stream().mapToLong(MonitorStatistics::closed).sum(),
                Collections.unmodifiableMap(deadBy),
                all.stream().mapToLong(MonitorStatistics::suspects).sum(),
                all.stream().mapToLong(MonitorStatistics::recoveries).sum(),
                all.stream().mapToLong(MonitorStatistics::probes).sum(),
                all.stream().mapToLong(MonitorStatistics::acks).sum(),
                all.stream().mapToLong(MonitorStatistics::answeredByData).sum(),
                all.stream().mapToLong(MonitorStatistics::misses).sum(),
                all.stream().mapToLong(MonitorStatistics::lateAcks).sum(),
                all.stream().mapToLong(MonitorStatistics::refused).sum(),
                all.stream().mapToLong(MonitorStatistics::staleCalls).sum(),
                all.stream().mapToLong(MonitorStatistics::errors).sum(),
                all.stream().mapToInt(MonitorStatistics::timers).sum(),
                all.stream().mapToLong(MonitorStatistics::wheelEntries).sum(),
                all.stream().mapToLong(MonitorStatistics::polls).sum(),
                all.stream().mapToLong(MonitorStatistics::stalls).sum(),
                all.stream().map(MonitorStatistics::stalled).reduce(Duration.ZERO, Duration::plus),
                all.stream().mapToLong(MonitorStatistics::backwardJumps).sum(),
                all.stream()
                        .map(MonitorStatistics::lastLateness)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO),
                all.stream()
                        .map(MonitorStatistics::worstLateness)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO));
    }
}
