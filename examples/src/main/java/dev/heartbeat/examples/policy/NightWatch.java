package dev.heartbeat.examples.policy;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.time.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Shows {@link QuietAtNight} for a day, in virtual time: how many probes left in each hour. */
public final class NightWatch implements HeartbeatTransport {
    private static final Instant MIDNIGHT = Instant.parse("2026-06-01T00:00:00Z");

    private final ManualClock clock = new ManualClock(0);
    private final HeartbeatMonitor monitor =
            HeartbeatMonitor.builder().build((handle, cause) -> System.out.println(cause), clock.nanoTime());
    private final int[] probesInHour = new int[24];

    /** A watch that starts at midnight. */
    public NightWatch() {}

    /**
     * Watches a day pass. The peer answers each probe at once.
     *
     * @return the probes of each hour, from midnight on
     */
    public int[] day() {
        monitor.open(this, new QuietAtNight(Duration.ofSeconds(30), new WallClock()), clock.nanoTime());
        while (now().toLocalDate()
                .equals(LocalDateTime.ofInstant(MIDNIGHT, ZoneOffset.UTC).toLocalDate())) {
            clock.advanceNs(monitor.delayUntilNextNs(clock.nanoTime()));
            monitor.poll(clock.nanoTime(), HeartbeatMonitor.DEFAULT_LIMIT);
        }
        return probesInHour.clone();
    }

    private LocalDateTime now() {
        return LocalDateTime.ofInstant(MIDNIGHT.plusNanos(clock.nanoTime()), ZoneOffset.UTC);
    }

    @Override
    public void sendProbe(long handle, int probeId) {
        probesInHour[now().getHour()]++;
        monitor.probeSent(handle, probeId, clock.nanoTime());
        monitor.acked(handle, probeId, clock.nanoTime());
    }

    @Override
    public void close(long handle, DeathCause cause) {
        throw new IllegalStateException("the peer answered, and is said to be dead: " + cause);
    }

    /** The clock on the wall, moved by the same hand. */
    private final class WallClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(instant(), zone);
        }

        @Override
        public Instant instant() {
            return MIDNIGHT.plusNanos(clock.nanoTime());
        }
    }

    /**
     * Prints the day.
     *
     * @param args none
     */
    public static void main(String[] args) {
        int[] probes = new NightWatch().day();
        for (int hour = 0; hour < probes.length; hour++) {
            System.out.printf("%02d:00  %3d probes  %s%n", hour, probes[hour], "#".repeat(probes[hour] / 4));
        }
    }
}
