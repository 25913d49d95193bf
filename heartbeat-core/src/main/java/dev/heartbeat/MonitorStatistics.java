package dev.heartbeat;

import dev.heartbeat.wheel.TimerWheel;
import java.time.Duration;
import java.util.Map;

/**
 * A snapshot of a monitor's counts. They add up at any time: {@code opened == open + closed + dead()}.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param open connections watched now
 * @param opened connections ever opened
 * @param closed connections that the host gave up in order
 * @param deadBy connections that died, by cause; every kind has an entry
 * @param suspects how often a connection became suspect
 * @param recoveries how often a suspect came back
 * @param probes probes asked for
 * @param acks probes answered in time
 * @param answeredByData probes that no ack answered, but for which other data arrived in time
 * @param misses probes given up
 * @param lateAcks acks that came after their probe had been given up
 * @param refused what peers sent and was refused
 * @param staleCalls calls with a handle that was nobody's any more
 * @param errors exceptions thrown by listeners, transports and policies
 * @param timers timers pending in the wheel
 * @param wheelEntries entries in the wheel's slots, those included that were moved earlier and wait to be dropped
 * @param polls turns
 * @param stalls turns that came so late that they counted as stalls of our own
 * @param stalled how long those were in all
 * @param backwardJumps how often the clock went backward
 * @param lastLateness how much later than planned the last turn came
 * @param worstLateness the most of these
 */
public record MonitorStatistics(
        int open,
        long opened,
        long closed,
        Map<DeathCause.Kind, Long> deadBy,
        long suspects,
        long recoveries,
        long probes,
        long acks,
        long answeredByData,
        long misses,
        long lateAcks,
        long refused,
        long staleCalls,
        long errors,
        int timers,
        long wheelEntries,
        long polls,
        long stalls,
        Duration stalled,
        long backwardJumps,
        Duration lastLateness,
        Duration worstLateness) {

    static MonitorStatistics of(Tally tally, Connections all, TimerWheel wheel, StallGuard stalls) {
        return new MonitorStatistics(
                all.used() - tally.ending,
                tally.opened,
                tally.closed,
                tally.deadBy(),
                tally.suspects,
                tally.recoveries,
                tally.probes,
                tally.acks,
                tally.answeredByData,
                tally.misses,
                tally.lateAcks,
                tally.refused,
                tally.staleCalls,
                tally.errors,
                wheel.size(),
                wheel.entries(),
                tally.polls,
                stalls.stalls(),
                Duration.ofNanos(stalls.stalledNs()),
                stalls.backwardJumps(),
                Duration.ofNanos(tally.lastLatenessNs),
                Duration.ofNanos(tally.worstLatenessNs));
    }

    /**
     * Connections that died, of whatever cause.
     *
     * @return at least 0
     */
    public long dead() {
        return deadBy.values().stream().mapToLong(Long::longValue).sum();
    }
}
