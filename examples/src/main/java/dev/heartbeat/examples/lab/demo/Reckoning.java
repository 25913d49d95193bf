package dev.heartbeat.examples.lab.demo;

import static dev.heartbeat.examples.lab.demo.Account.ms;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Turns what was observed into the account. */
final class Reckoning {
    private final Settings settings;
    private final Plan plan;
    private final Observed observed;
    private final Judge judge;
    private final Collection<Connection> connections;

    private Reckoning(Settings settings, Plan plan, Observed observed) {
        this.settings = settings;
        this.plan = plan;
        this.observed = observed;
        judge = new Judge(settings, plan, observed);
        connections = Connections.of(observed).all();
    }

    static Account of(Settings settings, Plan plan, Observed observed) {
        return new Reckoning(settings, plan, observed).account();
    }

    private Account account() {
        List<Notice> notices = connections.stream()
                .flatMap(connection -> judge.notices(connection).stream())
                .toList();
        List<String> mistakes = new ArrayList<>();
        List<String> excused = new ArrayList<>();
        for (Connection connection : connections) {
            Event mistake = judge.mistake(connection);
            if (mistake != null) {
                boolean byServer = mistake.what() == Event.What.SERVER_DEAD;
                String words = "client " + connection.client + " ("
                        + plan.roles().get(connection.client).title()
                        + "), given up by the " + (byServer ? "server" : "client") + " at "
                        + ms(mistake.atNs() - observed.startNs()) + " ms: " + mistake.detail();
                (judge.isExcused(mistake) ? excused : mistakes).add(words);
            }
        }
        Returns returns = Returns.of(connections, judge, observed);
        List<Check> checks =
                new Promises(settings, plan, observed, judge, connections).checks(notices, mistakes, excused, returns);
        double worstMs = ms(observed.lateness().worstNs(observed.startNs(), observed.closingNs()));
        return new Account(
                Account.Promised.of(settings),
                connections.size(),
                groups(notices),
                notices.stream().map(this::line).toList(),
                mistakes,
                excused,
                Account.Spread.of(returns.lengthsMs()),
                checks,
                new Account.Host(
                        worstMs,
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version().toString()));
    }

    private static String side(boolean byServer) {
        return byServer ? "server" : "client";
    }

    private Account.Line line(Notice notice) {
        return new Account.Line(
                notice.fault().role().title(),
                side(notice.byServer()),
                notice.fault().client(),
                ms(notice.fault().atNs() - observed.startNs()),
                ms(notice.noticedNs()),
                ms(notice.earliestNs()),
                ms(notice.promisedNs()),
                ms(notice.latestNs()),
                notice.outcome().name().toLowerCase(java.util.Locale.ROOT),
                notice.cause());
    }

    private static List<Account.Group> groups(List<Notice> notices) {
        List<Account.Group> groups = new ArrayList<>();
        for (Role role : List.of(Role.VANISHING, Role.FREEZING, Role.SLEEPY, Role.CUT_OFF)) {
            for (boolean byServer : new boolean[] {true, false}) {
                List<Notice> its = notices.stream()
                        .filter(notice -> notice.fault().role() == role && notice.byServer() == byServer)
                        .toList();
                if (!its.isEmpty()) {
                    groups.add(group(role, byServer, its));
                }
            }
        }
        return groups;
    }

    private static Account.Group group(Role role, boolean byServer, List<Notice> notices) {
        Map<Notice.Outcome, Integer> outcomes = new EnumMap<>(Notice.Outcome.class);
        notices.forEach(notice -> outcomes.merge(notice.outcome(), 1, Integer::sum));
        List<Double> noticed = notices.stream()
                .filter(notice -> notice.outcome() != Notice.Outcome.MISSED)
                .map(notice -> ms(notice.noticedNs()))
                .toList();
        return new Account.Group(
                role.title(),
                side(byServer),
                notices.size(),
                noticed.size(),
                Account.Spread.of(noticed),
                ms(notices.stream().mapToLong(Notice::earliestNs).min().orElse(0)),
                ms(notices.stream().mapToLong(Notice::promisedNs).max().orElse(0)),
                outcomes.getOrDefault(Notice.Outcome.EARLY, 0),
                outcomes.getOrDefault(Notice.Outcome.LATE, 0),
                outcomes.getOrDefault(Notice.Outcome.MISSED, 0));
    }
}
