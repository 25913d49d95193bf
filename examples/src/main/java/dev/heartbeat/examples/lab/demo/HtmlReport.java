package dev.heartbeat.examples.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The page: one file that needs nothing else. */
final class HtmlReport {
    private HtmlReport() {}

    static String of(Run run) throws IOException {
        Account account = run.account();
        long held = account.checks().stream().filter(Check::held).count();
        return template()
                .replace("{{class}}", account.held() ? "held" : "broken")
                .replace(
                        "{{verdict}}",
                        account.held()
                                ? "All " + held + " promises held"
                                : (account.checks().size() - held) + " of "
                                        + account.checks().size() + " promises broken")
                .replace("{{tiles}}", tiles(account))
                .replace("{{timeline}}", TimelineChart.of(account))
                .replace("{{population}}", PopulationChart.of(run))
                .replace(
                        "{{roundtrips}}",
                        RoundTripChart.of(run.roundTrips(), account.settings().ackTimeoutMs()))
                .replace("{{groups}}", groups(account))
                .replace("{{promises}}", promises(account))
                .replace("{{policies}}", policies(account.settings()))
                .replace("{{footer}}", footer(account));
    }

    private static String template() throws IOException {
        try (InputStream page = HtmlReport.class.getResourceAsStream("page.html")) {
            if (page == null) {
                throw new IOException("page.html is missing from the class path");
            }
            return new String(page.readAllBytes(), UTF_8);
        }
    }

    private static String tiles(Account account) {
        int faults = account.groups().stream()
                .filter(group -> group.noticedBy().equals("server"))
                .mapToInt(Account.Group::injected)
                .sum();
        return tile(
                        Integer.toString(account.settings().clients()),
                        "clients, in " + account.connections() + " connections")
                + tile(Integer.toString(faults), "connections broken on purpose")
                + tile(Integer.toString(account.mistakes().size()), "living peers given up by mistake")
                + tile(
                        Integer.toString(account.reconnects().count()),
                        "came back, half of them within "
                                + format("%.0f ms", account.reconnects().medianMs()))
                + tile(format("%.0f ms", account.host().worstLatenessMs()), "this machine's worst lateness");
    }

    private static String tile(String number, String words) {
        return "<div class=\"tile\"><b>" + Svg.escape(number) + "</b><span>" + Svg.escape(words) + "</span></div>\n";
    }

    private static String groups(Account account) {
        StringBuilder rows = new StringBuilder();
        for (Account.Group group : account.groups()) {
            int broken = group.early() + group.late() + group.missed();
            rows.append(format(
                    "<tr><td>%s</td><td>%s</td><td>%d</td><td>%.0f</td><td>%.0f</td><td>%.0f</td>"
                            + "<td>%.0f – %.0f</td><td class=\"%s\">%d</td></tr>%n",
                    group.fault(),
                    group.noticedBy(),
                    group.injected(),
                    group.after().minMs(),
                    group.after().medianMs(),
                    group.after().maxMs(),
                    Math.max(0, group.earliestMs()),
                    group.promisedMs(),
                    broken == 0 ? "" : "bad",
                    broken));
        }
        return rows.toString();
    }

    private static String promises(Account account) {
        StringBuilder items = new StringBuilder();
        for (Check check : account.checks()) {
            int colon = check.promise().indexOf(':');
            String head = colon < 0 ? check.promise() : check.promise().substring(0, colon);
            String rest = colon < 0 ? "" : check.promise().substring(colon);
            items.append(format(
                    "<li class=\"%s\"><div><b>%s</b>%s</div><small>%s</small></li>%n",
                    check.held() ? "ok" : "bad", Svg.escape(head), Svg.escape(rest), Svg.escape(check.evidence())));
        }
        for (String mistake : account.mistakes()) {
            items.append("<li class=\"bad\"><div>").append(Svg.escape(mistake)).append("</div></li>\n");
        }
        return items.toString();
    }

    private static String policies(Account.Promised promised) {
        return format(
                "<li><b>Client</b>: probes after %.0f ms of quiet, waits %.0f ms for the answer; %d misses in a row are"
                        + " death. Then it comes back, after a wait drawn from up to %.0f ms.</li>%n"
                        + "<li><b>Server</b>: listens. A client that is silent for %.1f times the interval it announced"
                        + " gets one probe; %.0f ms later it is dead.</li>%n"
                        + "<li><b>NAT</b>: forgets a link on which nothing was said for %.0f ms, and swallows what comes"
                        + " later. Some clients begin with an interval of %.0f ms, and learn.</li>%n",
                promised.intervalMs(),
                promised.ackTimeoutMs(),
                promised.misses(),
                promised.backoffMs(),
                promised.serverWindow(),
                promised.lastWordMs(),
                promised.natTimeoutMs(),
                promised.sleepyIntervalMs());
    }

    private static String footer(Account account) {
        return Svg.escape(format(
                "Seed %d, Java %s, %d processors.",
                account.settings().seed(), account.host().java(), account.host().processors()));
    }

    private static String format(String format, Object... args) {
        return String.format(Locale.ROOT, format, args);
    }
}
