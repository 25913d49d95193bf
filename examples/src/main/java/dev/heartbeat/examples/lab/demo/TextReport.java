package dev.heartbeat.examples.lab.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** The account for the terminal. */
final class TextReport {
    private final PrintWriter out;

    TextReport(PrintWriter out) {
        this.out = out;
    }

    void write(Account account) {
        settings(account.settings());
        groups(account);
        line("");
        line("Promises");
        for (Check check : account.checks()) {
            line("  %s  %s", check.held() ? "held  " : "BROKEN", check.promise());
            line("          %s", check.evidence());
        }
        for (String mistake : account.mistakes()) {
            line("  mistake: %s", mistake);
        }
        for (String excused : account.excused()) {
            line("  excused: %s", excused);
        }
        for (Account.Line notice : account.notices()) {
            if (!notice.outcome().equals("held")) {
                line(
                        "  %s: client %d, %s, by the %s after %.0f ms (expected: from %.0f to %.0f)",
                        notice.outcome(),
                        notice.client(),
                        notice.fault(),
                        notice.noticedBy(),
                        notice.noticedMs(),
                        notice.earliestMs(),
                        notice.latestMs());
            }
        }
        line("");
        long broken = account.checks().stream().filter(check -> !check.held()).count();
        line(
                broken == 0 ? "All %d promises held." : "%2$d of %1$d promises BROKEN.",
                account.checks().size(),
                broken);
    }

    private void settings(Account.Promised promised) {
        line("");
        line("Policies");
        line(
                "  client  probes after %.0f ms of quiet, waits %.0f ms for the ack, %d misses are death",
                promised.intervalMs(), promised.ackTimeoutMs(), promised.misses());
        line(
                "  server  listens for %.1f announced intervals, then asks once and waits %.0f ms",
                promised.serverWindow(), promised.lastWordMs());
        line(
                "  NAT     forgets after %.0f ms; some clients begin with an interval of %.0f ms",
                promised.natTimeoutMs(), promised.sleepyIntervalMs());
    }

    private void groups(Account account) {
        line("");
        line("Noticed after (ms)              faults      min   median      max   promised    early late missed");
        for (Account.Group group : account.groups()) {
            line(
                    "  %-18s by %-6s %6d   %6.0f   %6.0f   %6.0f   %5.0f..%-6.0f %4d %4d %4d",
                    group.fault(),
                    group.noticedBy(),
                    group.injected(),
                    group.after().minMs(),
                    group.after().medianMs(),
                    group.after().maxMs(),
                    group.earliestMs(),
                    group.promisedMs(),
                    group.early(),
                    group.late(),
                    group.missed());
        }
        Account.Spread back = account.reconnects();
        line(
                "  %-28s %6d   %6.0f   %6.0f   %6.0f       0..%-6.0f",
                "back again",
                back.count(),
                back.minMs(),
                back.medianMs(),
                back.maxMs(),
                account.settings().backoffMs());
        line(
                "This host was late by %.1f ms at the worst; so much later than promised counts as in time.",
                account.host().worstLatenessMs());
    }

    private void line(String format, Object... args) {
        out.println(String.format(Locale.ROOT, format, args));
    }
}
