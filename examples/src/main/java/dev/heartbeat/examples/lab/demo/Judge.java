package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.examples.lab.proxy.LinkRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what was noticed against what the policies promise.
 *
 * <p>A promise has an earliest and a latest instant, both counted from the last bytes that the proxy passed on to that
 * side. The earliest is strict. To the latest comes a tick for each timer that had to fire on the way, and as much as
 * this host was late meanwhile: a machine that did not run us cannot be told from a library that is slow, but for how
 * late the machine was there is a witness of its own ({@link Lateness}).
 */
final class Judge {
    /** Between a wake-up and the instant written down there is some work. */
    private static final long BASE_NS = Duration.ofMillis(10).toNanos();

    /** Timers on the way to a verdict: the silence and the last word; the probe and its misses. */
    private static final int SERVER_TIMERS = 2;

    private static final int CLIENT_TIMERS = 1 + Settings.MISSES;

    /** Of the time that a link has to spare in this demo, so much the host may take without being an excuse. */
    private static final double SPARE_OF_INTERVAL = 0.25;

    private final Settings settings;
    private final Plan plan;
    private final Observed observed;

    Judge(Settings settings, Plan plan, Observed observed) {
        this.settings = settings;
        this.plan = plan;
        this.observed = observed;
    }

    /** What both sides made of a connection's fault; empty if it had none. */
    List<Notice> notices(Connection connection) {
        Fault fault = connection.fault;
        LinkRecord link = connection.link;
        List<Notice> notices = new ArrayList<>();
        if (fault != null && link != null) {
            notices.add(byServer(connection, fault, link));
            if (fault.isNoticedByClient()) {
                notices.add(
                        fault.role() == Role.FREEZING
                                ? afterThaw(connection, fault)
                                : byClient(connection, fault, link));
            }
        }
        return notices;
    }

    private Notice byServer(Connection connection, Fault fault, LinkRecord link) {
        long lastNs = link.lastToServerNs() - fault.atNs();
        long patienceNs = settings.serverPatience(interval(connection)).toNanos();
        return notice(
                fault, true, first(connection.serverDeaths), lastNs + patienceNs, lastNs + patienceNs, SERVER_TIMERS);
    }

    private Notice byClient(Connection connection, Fault fault, LinkRecord link) {
        long lastNs = link.lastToClientNs() - fault.atNs();
        long latestNs = lastNs
                + interval(connection).toNanos()
                + settings.clientPatience().toNanos();
        // A client announces itself at once: its next probe comes an interval after that, less the jitter.
        long secondProbeNs = connection.connectedNs
                - fault.atNs()
                + (long) ((1 - Settings.JITTER) * interval(connection).toNanos());
        long earliestNs =
                Math.max(lastNs, secondProbeNs) + settings.clientPatience().toNanos();
        return notice(fault, false, first(connection.clientDeaths), earliestNs, latestNs, CLIENT_TIMERS);
    }

    /** A frozen application can only notice when it runs again, and then the end of the stream waits for it. */
    private Notice afterThaw(Connection connection, Fault fault) {
        long thawNs = fault.untilNs() - fault.atNs();
        return notice(fault, false, first(connection.clientDeaths), thawNs, thawNs, 1);
    }

    private Notice notice(
            Fault fault, boolean byServer, @Nullable Event death, long earliestNs, long lastNs, int timers) {
        long promisedNs = lastNs + timers * Settings.TICK.toNanos() + BASE_NS;
        long fromNs = fault.atNs() + Math.min(0, earliestNs);
        long toNs = death == null ? observed.closingNs() : death.atNs();
        long latestNs = promisedNs + lateNs(fromNs - settings.interval().toNanos(), toNs, timers, byServer);
        return death == null
                ? Notice.never(fault, byServer, earliestNs, promisedNs, latestNs)
                : Notice.of(
                        fault, byServer, death.atNs() - fault.atNs(), earliestNs, promisedNs, latestNs, death.detail());
    }

    private long lateNs(long fromNs, long toNs, int timers, boolean byServer) {
        Lateness lateness = observed.lateness();
        // Each timer may fire late, and before them the last bytes may have been heard late.
        long lateNs = (1 + timers) * lateness.worstNs(fromNs, toNs) + lateness.pausedNs(fromNs, toNs);
        if (byServer) {
            long overlapNs = Math.min(toNs - fromNs, observed.stallToNs() - fromNs)
                    - Math.max(0, observed.stallFromNs() - fromNs);
            lateNs += Math.max(0, overlapNs);
        }
        return lateNs;
    }

    /** What the client announced on this connection. */
    private Duration interval(Connection connection) {
        boolean sleepy = plan.roles().get(connection.client) == Role.SLEEPY && connection.epoch == 1;
        return sleepy ? settings.sleepyInterval() : settings.interval();
    }

    /** A death that nobody had caused; null if there was none. */
    @Nullable
    Event mistake(Connection connection) {
        if (connection.fault != null) {
            return null;
        }
        Event byServer = first(connection.serverDeaths);
        Event byClient = first(connection.clientDeaths);
        Event first =
                byServer == null || (byClient != null && byClient.atNs() - byServer.atNs() < 0) ? byClient : byServer;
        return first == null || first.atNs() - observed.closingNs() >= 0 ? null : first;
    }

    /** Whether the host itself stood still for so long that live links had to look dead. */
    boolean isExcused(Event mistake) {
        long patienceNs = settings.serverPatience(settings.interval()).toNanos();
        long pausedNs = observed.lateness().pausedNs(mistake.atNs() - patienceNs, mistake.atNs());
        return pausedNs > SPARE_OF_INTERVAL * settings.interval().toNanos();
    }

    /** How long the host was late at most while a link was quiet. */
    long quietAllowanceNs() {
        return Settings.TICK.toNanos()
                + BASE_NS
                + 2 * observed.lateness().worstNs(observed.startNs(), observed.closingNs());
    }

    /** How late a client may be back after it noticed. */
    long returnAllowanceNs(long fromNs, long toNs) {
        boolean duringStall = toNs - observed.stallFromNs() >= 0 && fromNs - observed.stallToNs() <= 0;
        return settings.backoff().toNanos() + settings.interval().toNanos() / 4 + lateNs(fromNs, toNs, 3, duringStall);
    }

    static @Nullable Event first(List<Event> events) {
        return events.isEmpty() ? null : events.get(0);
    }
}
