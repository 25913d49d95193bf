package dev.heartbeat.interval.nat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Profiles as text: a line that names the version, then one line per path, fields apart by tabs, the checksum last.
 * Whatever does not read well is left out.
 */
final class ProfileText {
    private static final String VERSION = "heartbeat-profiles 1";
    private static final int FIELDS = 9;
    private static final int LONGEST_LINE = 2_048;

    private ProfileText() {}

    static Map<NetworkKey, NetworkProfile> read(String text) {
        Map<NetworkKey, NetworkProfile> profiles = new LinkedHashMap<>();
        List<String> lines = List.of(text.split("\n", -1));
        if (lines.get(0).equals(VERSION)) {
            // What follows the last line feed is empty, or torn.
            for (String line : lines.subList(1, Math.max(1, lines.size() - 1))) {
                readLine(line, profiles);
            }
        }
        return profiles;
    }

    private static void readLine(String line, Map<NetworkKey, NetworkProfile> profiles) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS || !fields[8].equals(checksum(line.substring(0, line.lastIndexOf('\t'))))) {
            return;
        }
        try {
            NetworkKey key = new NetworkKey(plain(fields[0]), plain(fields[1]), plain(fields[2]));
            NetworkProfile profile = new NetworkProfile(
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    Long.parseLong(fields[5]),
                    Integer.parseInt(fields[6]),
                    Long.parseLong(fields[7]));
            profiles.remove(key);
            profiles.put(key, profile);
        } catch (IllegalArgumentException e) {
            // A checksum that fits by accident, or another program's hand: left out like any damage.
        }
    }

    static String write(Map<NetworkKey, NetworkProfile> profiles) {
        StringBuilder text = new StringBuilder(VERSION).append('\n');
        profiles.forEach((key, profile) -> {
            String line = String.join(
                    "\t",
                    escaped(key.transport()),
                    escaped(key.network()),
                    escaped(key.server()),
                    Long.toString(profile.provenNs()),
                    Long.toString(profile.failedNs()),
                    Long.toString(profile.slackNs()),
                    Integer.toString(profile.confidence()),
                    Long.toString(profile.savedAtMs()));
            if (line.length() <= LONGEST_LINE) {
                text.append(line).append('\t').append(checksum(line)).append('\n');
            }
        });
        return text.toString();
    }

    private static String checksum(String line) {
        CRC32 crc = new CRC32();
        crc.update(line.getBytes(UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /** Percent, tab and line ends, and what UTF-8 cannot say, would be misread. */
    private static String escaped(String field) {
        StringBuilder escaped = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c < ' ' || c == '%' || Character.isSurrogate(c)) {
                escaped.append('%');
                String hex = Integer.toHexString(c);
                escaped.append("0000", 0, 4 - hex.length()).append(hex);
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String plain(String field) {
        StringBuilder plain = new StringBuilder(field.length());
        int i = 0;
        while (i < field.length()) {
            char c = field.charAt(i++);
            if (c == '%') {
                if (i + 4 > field.length()) {
                    throw new IllegalArgumentException("escape: torn (expected: 4 hex digits)");
                }
                c = (char) Integer.parseInt(field.substring(i, i + 4), 16);
                i += 4;
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
