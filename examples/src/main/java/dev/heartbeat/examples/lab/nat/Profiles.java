package dev.heartbeat.examples.lab.nat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads timeouts from a table of profiles: comma-separated, with a header, one column of seconds. */
final class Profiles {
    private static final String COLUMN = "idle_timeout_s";

    private Profiles() {}

    static Map<Long, String> bundled() throws IOException {
        try (InputStream in = Profiles.class.getResourceAsStream("profiles.csv")) {
            if (in == null) {
                throw new IOException("profiles.csv: not bundled");
            }
            return read("profiles.csv", List.of(new String(in.readAllBytes(), UTF_8).split("\n")));
        }
    }

    static Map<Long, String> of(java.nio.file.Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("is a directory");
        }
        return read(file.toString(), Files.readAllLines(file, UTF_8));
    }

    /** Timeouts in nanoseconds, each once, with the name of the first profile that has it. */
    private static Map<Long, String> read(String name, List<String> lines) {
        Map<Long, String> timeouts = new LinkedHashMap<>();
        int column = -1;
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> fields = split(line);
            if (column < 0) {
                column = fields.indexOf(COLUMN);
                if (column < 0) {
                    throw new IllegalArgumentException(name + ": no column " + COLUMN + " in its header");
                }
                continue;
            }
            String seconds = column < fields.size() ? fields.get(column).strip().replaceFirst("^>", "") : "";
            try {
                timeouts.putIfAbsent(Options.seconds("timeout", seconds), fields.get(0));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + " line " + number + ": " + e.getMessage(), e);
            }
        }
        if (timeouts.isEmpty()) {
            throw new IllegalArgumentException(name + ": no profile in it");
        }
        return timeouts;
    }

    private static List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }
}
