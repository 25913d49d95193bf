package dev.heartbeat.examples.lab.demo;

import static dev.heartbeat.examples.lab.demo.Account.ms;

import dev.heartbeat.examples.lab.proxy.LinkRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The promises, one by one. */
final class Promises {
    private final Settings settings;
    private final Plan plan;
    private final Observed observed;
    private final Judge judge;
    private final Collection<Connection> connections;

    Promises(Settings settings, Plan plan, Observed observed, Judge judge, Collection<Connection> connections) {
        this.settings = settings;
        this.plan = plan;
        this.observed = observed;
        this.judge = judge;
        this.connections = connections;
    }

    List<Check> checks(List<Notice> notices, List<String> mistakes, List<String> excused, Returns returns) {
        List<Check> checks = new ArrayList<>();
        checks.add(staged(notices));
        checks.add(
                count(notices, Notice.Outcome.EARLY, "Never early: nobody is given up before the full time is over"));
        checks.add(count(notices, Notice.Outcome.LATE, "Never late: nor later than one tick for each timer after it"));
        checks.add(count(notices, Notice.Outcome.MISSED, "Nothing is overlooked: every dead end is noticed"));
        checks.add(new Check(
                "Slow is not dead: no living peer is given up, however slow its link or stalled its server",
                mistakes.isEmpty(),
                mistakes.size() + " mistakes among " + connections.size() + " connections"
                        + (excused.isEmpty() ? "" : ", " + excused.size() + " excused: this host stood still")));
        checks.add(stall());
        checks.add(once());
        checks.add(kept());
        checks.add(back(returns));
        checks.add(settled());
        checks.add(nothingLeft());
        return checks;
    }

    /** A demo in which nothing went wrong would prove nothing. */
    private Check staged(List<Notice> notices) {
        List<String> missing = new ArrayList<>();
        int faults = 0;
        for (Role role : List.of(Role.VANISHING, Role.FREEZING, Role.SLEEPY, Role.CUT_OFF)) {
            long planned = plan.clientsWith(role).size();
            long happened = notices.stream()
                    .filter(notice -> notice.byServer() && notice.fault().role() == role)
                    .count();
            faults += (int) happened;
            if (happened < planned) {
                missing.add(role.title() + ": " + happened + " of " + planned);
            }
        }
        return new Check(
                "What was planned went wrong",
                missing.isEmpty(),
                missing.isEmpty() ? faults + " faults on connections, 1 stall" : String.join(", ", missing));
    }

    private static Check count(List<Notice> notices, Notice.Outcome outcome, String promise) {
        long broken =
                notices.stream().filter(notice -> notice.outcome() == outcome).count();
        return new Check(
                promise, broken == 0, broken + " " + outcome.name().toLowerCase(Locale.ROOT) + " of " + notices.size());
    }

    private Check stall() {
        long deaths = connections.stream()
                .filter(connection -> connection.fault == null)
                .flatMap(connection -> connection.serverDeaths.stream())
                .filter(death -> death.atNs() - observed.stallFromNs() >= 0
                        && death.atNs() - observed.stallToNs()
                                <= settings.interval().toNanos())
                .count();
        var monitor = observed.settled().monitor();
        double lengthMs = ms(observed.stallToNs() - observed.stallFromNs());
        boolean noticed = monitor.stalls() >= 1 && monitor.stalled().compareTo(settings.stall()) >= 0;
        return new Check(
                "It was us: the server counts its own stall against nobody",
                deaths == 0 && noticed,
                "stalled for " + lengthMs + " ms, noticed as "
                        + monitor.stalled().toMillis() + " ms, " + deaths + " blamed");
    }

    private Check once() {
        long twice = connections.stream()
                .filter(connection -> connection.serverDeaths.size() > 1 || connection.clientDeaths.size() > 1)
                .count();
        return new Check("Exactly once: a death is told once", twice == 0, twice + " told twice");
    }

    /** Of connections on which nothing was staged and whose interval is shorter than the NAT's memory. */
    private Check kept() {
        long longestNs = 0;
        int links = 0;
        int forgotten = 0;
        for (Connection connection : connections) {
            LinkRecord link = connection.link;
            Role role = plan.roles().get(connection.client);
            boolean sleepy = role == Role.SLEEPY && connection.epoch == 1;
            if (link == null || sleepy || role == Role.HELD || role == Role.FREEZING) {
                continue; // the held and the frozen may be silent: that is what was done to them
            }
            links++;
            forgotten += link.cut() == LinkRecord.Cut.FORGOTTEN
                            && connection.fault != null
                            && connection.fault.role() == Role.SLEEPY
                    ? 1
                    : 0;
            longestNs = role == Role.VANISHING ? longestNs : Math.max(longestNs, link.longestQuietNs());
        }
        long allowedNs = settings.interval().toNanos() + judge.quietAllowanceNs();
        return new Check(
                "Kept alive: a link whose interval is below the NAT's timeout never loses its mapping",
                forgotten == 0 && longestNs <= allowedNs,
                forgotten + " lost of " + links + "; the longest silence was " + ms(longestNs)
                        + " ms, the NAT forgets after " + settings.natTimeout().toMillis() + " ms");
    }

    private Check back(Returns returns) {
        return new Check(
                "Back again: each client that lost its connection returns within the backoff",
                returns.late() == 0 && returns.never() == 0,
                returns.lengthsMs().size() + " came back, " + returns.late() + " late, " + returns.never() + " never");
    }

    private Check settled() {
        int living = settings.clients() - plan.clientsWith(Role.VANISHING).size();
        DemoServer.Holdings held = observed.settled();
        boolean same = held.sessions() == living
                && held.online() == living
                && held.keys() == living
                && held.monitor().open() == living;
        return new Check(
                "Cleaned up: the server holds the living clients and nothing else",
                same,
                living + " live; " + held.sessions() + " buffers, " + held.online() + " in the registry, " + held.keys()
                        + " channels, " + held.monitor().open() + " watched");
    }

    private Check nothingLeft() {
        DemoServer.Holdings held = observed.left();
        boolean none = held.sessions() == 0
                && held.online() == 0
                && held.keys() == 0
                && held.monitor().open() == 0
                && held.monitor().timers() == 0;
        return new Check(
                "Nothing left over when all have gone",
                none,
                held.sessions() + " buffers, " + held.online() + " in the registry, " + held.keys() + " channels, "
                        + held.monitor().timers() + " timers");
    }
}
