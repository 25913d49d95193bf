package dev.heartbeat.examples.lab.nat;

import dev.heartbeat.examples.lab.nat.Scenario.Change;
import dev.heartbeat.examples.lab.nat.Scenario.Elsewhere;
import dev.heartbeat.examples.lab.nat.Scenario.Outages;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the values of options. What cannot be read is an {@link IllegalArgumentException} with one clear line. */
final class Options {
    private static final double LONGEST_S = 10 * 365 * 86_400.0;

    private Options() {}

    /** A length such as {@code 300}, {@code 90s}, {@code 28m}, {@code 1h}, {@code 2d}; plain numbers are seconds. */
    static long seconds(String name, String value) {
        String text = value.strip().toLowerCase(Locale.ROOT);
        double unit = 1;
        if (!text.isEmpty()) {
            int at = "smhd".indexOf(text.charAt(text.length() - 1));
            if (at >= 0) {
                unit = new double[] {1, 60, 3_600, 86_400}[at];
                text = text.substring(0, text.length() - 1);
            }
        }
        double seconds = number(text) * unit;
        if (!(seconds > 0 && seconds <= LONGEST_S)) {
            throw bad(name, value, "a length > 0 such as 300, 90s, 28m, 1h or 2d");
        }
        return Math.max(1L, Math.round(seconds * 1e9));
    }

    private static double number(String text) {
        return text.matches("[0-9]{1,12}(\\.[0-9]{1,9})?|\\.[0-9]{1,9}") ? Double.parseDouble(text) : Double.NaN;
    }

    static List<Long> timeouts(String value) {
        List<Long> timeouts = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            timeouts.add(seconds("--timeouts", part));
        }
        return timeouts;
    }

    /** A share: {@code 0.02}, {@code 2%}, or {@code 2}, since from 1 on it can only be per cent. */
    static double loss(String value) {
        String text = value.strip();
        boolean percent = text.endsWith("%");
        double number = number(percent ? text.substring(0, text.length() - 1).strip() : text);
        double share = percent || number >= 1 ? number / 100 : number;
        if (!(share >= 0 && share <= 0.5)) {
            throw bad("--loss", value, "from 0 to 50 %, such as 2% or 0.02");
        }
        return share;
    }

    static double days(String value) {
        double days = number(value.strip().replaceFirst("[dD]$", ""));
        if (!(days >= 0.01 && days <= 3_650)) {
            throw bad("--days", value, "from 0.01 to 3650");
        }
        return days;
    }

    /** {@code 600:120@1d}: the timeout, another one, and from when on. */
    record TimedChange(long fromNs, Change change) {}

    static TimedChange change(String value) {
        String[] parts = value.split("[:@]", -1);
        if (parts.length != 3 || value.indexOf('@') < value.indexOf(':')) {
            throw bad("--change", value, "TIMEOUT:TIMEOUT@TIME, such as 600:120@1d");
        }
        return new TimedChange(
                seconds("--change", parts[0]),
                new Change(seconds("--change", parts[1]), seconds("--change", parts[2])));
    }

    /** {@code 70@1h}: about this long, about this often. */
    static Outages outages(String value) {
        long[] pair = pair("--outages", value);
        if (pair[0] * 1.15 >= pair[1]) {
            throw bad("--outages", value, "LENGTH@PERIOD with a length well below the period, such as 70@1h");
        }
        return new Outages(pair[0], pair[1]);
    }

    /** {@code 120@12h}: a second network with this timeout, every second period. */
    static Elsewhere elsewhere(String value) {
        long[] pair = pair("--switch", value);
        return new Elsewhere(pair[0], pair[1]);
    }

    private static long[] pair(String name, String value) {
        String[] parts = value.split("@", -1);
        if (parts.length != 2) {
            throw bad(
                    name,
                    value,
                    name.equals("--switch") ? "TIMEOUT@PERIOD, such as 120@12h" : "LENGTH@PERIOD, such as 70@1h");
        }
        return new long[] {seconds(name, parts[0]), seconds(name, parts[1])};
    }

    static IllegalArgumentException bad(String name, Object value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
}
