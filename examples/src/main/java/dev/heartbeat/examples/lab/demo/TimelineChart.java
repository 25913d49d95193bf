package dev.heartbeat.examples.lab.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** One row for each fault: the span in which it had to be noticed, and the moment when it was. */
final class TimelineChart {
    private static final int WIDTH = 960;
    private static final int LEFT = 190;
    private static final int RIGHT = 24;
    private static final int TOP = 30;
    private static final double ROW = 7;
    private static final int GAP = 26;

    private final Account account;
    private final double mostMs;

    private TimelineChart(Account account) {
        this.account = account;
        mostMs = 1.04
                * account.notices().stream()
                        .mapToDouble(line -> Math.max(line.promisedMs(), line.noticedMs()))
                        .max()
                        .orElse(1);
    }

    static String of(Account account) {
        return new TimelineChart(account).draw();
    }

    private double x(double ms) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.max(0, Math.min(1, ms / mostMs));
    }

    private List<Account.Line> lines(Account.Group group) {
        return account.notices().stream()
                .filter(line ->
                        line.fault().equals(group.fault()) && line.noticedBy().equals(group.noticedBy()))
                .sorted(Comparator.comparingDouble(Account.Line::noticedMs))
                .toList();
    }

    private String draw() {
        double height = TOP + 10;
        for (Account.Group group : account.groups()) {
            height += group.injected() * ROW + GAP;
        }
        Svg svg = new Svg(WIDTH, (int) height, "When each fault was noticed, and when it had to be");
        double stepMs = niceStep(mostMs);
        for (double ms = 0; ms <= mostMs; ms += stepMs) {
            svg.line("grid", x(ms), TOP, x(ms), height - 10);
            svg.words("tick", "middle", x(ms), TOP - 8, String.format(Locale.ROOT, "%.1f s", ms / 1000));
        }
        double y = TOP + 12;
        for (Account.Group group : account.groups()) {
            svg.words("name", "end", LEFT - 14, y + 8, group.fault());
            svg.words("tick", "end", LEFT - 14, y + 22, "by the " + group.noticedBy() + ", " + group.injected() + "×");
            for (Account.Line line : lines(group)) {
                row(svg, line, y);
                y += ROW;
            }
            y += GAP;
        }
        return svg.end();
    }

    private void row(Svg svg, Account.Line line, double y) {
        String words = String.format(
                Locale.ROOT,
                "client %d: noticed after %.0f ms (promised from %.0f to %.0f ms) as %s",
                line.client(),
                line.noticedMs(),
                line.earliestMs(),
                line.promisedMs(),
                line.cause());
        double from = x(line.earliestMs());
        double to = x(line.promisedMs());
        boolean held = line.outcome().equals("held");
        svg.box("span", from, y, Math.max(2.5, to - from), ROW - 2, words);
        if (!line.outcome().equals("missed")) {
            svg.dot(held ? "dot" : "dot broken", x(line.noticedMs()), y + (ROW - 2) / 2, 2.6, words);
        } else {
            svg.words("tick broken", "start", to + 6, y + ROW, "never");
        }
    }

    static double niceStep(double most) {
        double rough = most / 8;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double unit = rough / power;
        return power * (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10);
    }
}
