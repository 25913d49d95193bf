package dev.heartbeat.examples.lab.detect;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Traces as CSV: {@code seq,sent_ms,received_ms}, one line for each heartbeat sent, the last field empty if it was lost.
 * {@code send_ms} and {@code recv_ms} are understood too, in any order, beside columns that are not.
 */
final class TraceCsv {
    private static final int MOST_HEARTBEATS = 50_000_000;

    private TraceCsv() {}

    static Trace read(Path file, long periodNs) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": no such file");
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return new Reader(file, reader).read(periodNs);
        }
    }

    private static final class Reader {
        private final Path file;
        private final BufferedReader lines;
        private long[] sentNs = new long[1 << 16];
        private long[] receivedNs = new long[1 << 16];
        private boolean[] known = new boolean[1 << 16];
        private int line = 1;

        Reader(Path file, BufferedReader lines) {
            this.file = file;
            this.lines = lines;
        }

        Trace read(long periodNs) throws IOException {
            String header = lines.readLine();
            if (header == null) {
                throw bad("is empty");
            }
            String[] names = header.toLowerCase(Locale.ROOT).split(",", -1);
            int sequenceColumn = column(names, "seq");
            int sentColumn = column(names, "sen");
            int receivedColumn = column(names, "rec");
            int columns = Math.max(sequenceColumn, Math.max(sentColumn, receivedColumn)) + 1;
            long first = 0;
            int end = 0;
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                line++;
                if (text.isBlank()) {
                    continue;
                }
                String[] fields = text.split(",", -1);
                if (fields.length < Math.min(columns, receivedColumn)) {
                    throw bad("line " + line + " has " + fields.length + " fields");
                }
                long sequence = whole(field(fields, sequenceColumn));
                if (end == 0) {
                    first = sequence;
                }
                long index = sequence - first;
                if (index < 0 || index >= MOST_HEARTBEATS) {
                    throw bad("line " + line + ": sequence " + sequence + " is out of range");
                }
                reserve((int) index);
                String received = field(fields, receivedColumn);
                known[(int) index] = true;
                sentNs[(int) index] = ns(field(fields, sentColumn));
                receivedNs[(int) index] = received.isEmpty() ? Trace.lost() : ns(received);
                end = Math.max(end, (int) index + 1);
            }
            if (end < 2) {
                throw bad("has no heartbeats");
            }
            for (int i = 1; i < end; i++) {
                if (!known[i]) { // not even sent, as far as the file knows: lost
                    sentNs[i] = sentNs[i - 1] + Math.max(0, periodNs);
                    receivedNs[i] = Trace.lost();
                }
            }
            return Trace.of(name(), periodNs, Arrays.copyOf(sentNs, end), Arrays.copyOf(receivedNs, end));
        }

        private void reserve(int index) {
            if (index >= sentNs.length) {
                int length = Math.min(MOST_HEARTBEATS, Math.max(index + 1, sentNs.length * 2));
                sentNs = Arrays.copyOf(sentNs, length);
                receivedNs = Arrays.copyOf(receivedNs, length);
                known = Arrays.copyOf(known, length);
            }
        }

        private int column(String[] names, String prefix) {
            for (int i = 0; i < names.length; i++) {
                if (names[i].strip().startsWith(prefix)) {
                    return i;
                }
            }
            throw bad("needs a header seq,sent_ms,received_ms");
        }

        private static String field(String[] fields, int column) {
            return column < fields.length ? fields[column].strip() : "";
        }

        private long whole(String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw bad("line " + line + ": not a sequence number: " + text);
            }
        }

        private long ns(String ms) {
            try {
                double value = Double.parseDouble(ms);
                if (Math.abs(value) < 1e12) {
                    return exactNs(ms, value);
                }
            } catch (NumberFormatException e) {
                // told below
            }
            throw bad("line " + line + ": not a time in milliseconds: " + ms);
        }

        /** Doubles have 53 bits: microseconds since 1970 would lose their last digits. */
        private static long exactNs(String ms, double value) {
            int point = ms.indexOf('.');
            if (point < 0 || ms.indexOf('e') >= 0 || ms.indexOf('E') >= 0) {
                return Math.round(value * 1e6);
            }
            String digits = (ms.substring(point + 1) + "000000").substring(0, 6);
            long whole = point == 0 || "-".equals(ms.substring(0, point)) ? 0 : Long.parseLong(ms.substring(0, point));
            long fraction = Long.parseLong(digits);
            return whole * 1_000_000 + (ms.startsWith("-") ? -fraction : fraction);
        }

        private String name() {
            String text = String.valueOf(file.getFileName());
            return text.endsWith(".csv") ? text.substring(0, text.length() - 4) : text;
        }

        private IllegalArgumentException bad(String what) {
            return new IllegalArgumentException(file + ": " + what);
        }
    }

    /** Writes raw times; {@link Trace#lost()} becomes an empty field. */
    static void write(Path file, long[] sentNs, long[] receivedNs) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write("seq,sent_ms,received_ms\n");
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < sentNs.length; i++) {
                text.setLength(0);
                text.append(i).append(',');
                appendMs(text, sentNs[i]);
                text.append(',');
                if (receivedNs[i] != Trace.lost()) {
                    appendMs(text, receivedNs[i]);
                }
                writer.append(text.append('\n'));
            }
        }
    }

    private static void appendMs(StringBuilder text, long ns) {
        text.append(ns / 1_000_000).append('.');
        String fraction = Long.toString(1_000_000 + ns % 1_000_000);
        text.append(fraction, 1, 7);
    }
}
