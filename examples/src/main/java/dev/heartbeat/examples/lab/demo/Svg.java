package dev.heartbeat.examples.lab.demo;

import java.util.Locale;

/** Writes a drawing as text. Colours come from the page's classes, so that one drawing serves light and dark. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String label) {
        text.append("<svg viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" role=\"img\" aria-label=\"")
                .append(escape(label))
                .append("\">\n");
    }

    static String escape(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private Svg put(String format, Object... args) {
        text.append(String.format(Locale.ROOT, format, args)).append('\n');
        return this;
    }

    Svg line(String style, double x1, double y1, double x2, double y2) {
        return put("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", style, x1, y1, x2, y2);
    }

    /** A box; with words, they show when it is pointed at. */
    Svg box(String style, double x, double y, double width, double height, String words) {
        return put(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\">%s</rect>",
                style, x, y, Math.max(0, width), Math.max(0, height), title(words));
    }

    Svg dot(String style, double x, double y, double radius, String words) {
        return put(
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\">%s</circle>",
                style, x, y, radius, title(words));
    }

    /** Words whose {@code anchor} (start, middle, end) is at a point. */
    Svg words(String style, String anchor, double x, double y, String words) {
        return put(
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                style, anchor, x, y, escape(words));
    }

    Svg path(String style, String points) {
        return put("<path class=\"%s\" d=\"%s\"/>", style, points);
    }

    private static String title(String words) {
        return words.isEmpty() ? "" : "<title>" + escape(words) + "</title>";
    }

    String end() {
        return text.append("</svg>\n").toString();
    }
}
