package dev.heartbeat.interval;

/**
 * The alarm of a platform that owns wake-ups: a phone in doze, a modem that sleeps.
 *
 * <p>Asked at the start of each silence for one wake-up within a window, so that the platform may let several alarms
 * share a moment. The window ends where the interval ends: a wake-up may come early, never late. When it comes, the
 * host sends its probe ({@code HeartbeatMonitor.probeNow}) and polls. A wake-up that came late all the same is seen
 * in the idle time of the next probe and widens the slack that a learning strategy keeps.
 *
 * <p><b>Threading:</b> called by the thread that owns the connection; must return at once.
 */
@FunctionalInterface
public interface WakeUpAlarm {
    /**
     * Replaces the wake-up asked for before by one within a window from now.
     *
     * @param earliestNs a length in nanoseconds, 0 or more
     * @param latestNs a length in nanoseconds, at least {@code earliestNs}
     */
    void wakeWithin(long earliestNs, long latestNs);
}
