package dev.heartbeat.benchmarks.report;

import dev.heartbeat.benchmarks.programs.Figure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Prints the figures of a run as Markdown: each beside ours of the same run, as a ratio, and ours beside its target. */
public final class Table {
    private static final String IDLE_STATE = "Netty IdleStateHandler";
    private static final String ITS_PART = "Netty IdleStateHandler, its part";
    private static final String PASS_THROUGH = "Netty channel without it";

    /** What is next to nothing, bytes above all, is no measure for others. */
    private static final double LITTLE = 0.1;

    private final List<Figure> figures;
    private final PrintStream out;

    private Table(List<Figure> figures, PrintStream out) {
        this.figures = figures;
        this.out = out;
    }

    /**
     * Prints the table.
     *
     * @param arguments the file of figures; that of the last run if there is none
     * @throws IOException if it cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments.length > 0 ? arguments[0] : "benchmarks/target/results.json");
        Results results = Results.read(file);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.printf("%s; JVM %s; %s%n", results.machine(), results.java(), results.started());
        if (results.quick()) {
            out.println("\n**A quick run: it shows that everything works, its figures mean little.**");
        }
        List<Figure> all = new ArrayList<>();
        for (Figure figure : results.figures()) {
            all.add(renamed(figure));
        }
        new Table(withDifferences(all), out).print();
    }

    /** The benchmarks of JMH are called after their methods and parameters; here all are called alike. */
    private static Figure renamed(Figure figure) {
        String who = figure.who();
        String scale = figure.scale();
        if (who.equals("netty") && scale.contains("with=")) {
            who = scale.contains("IDLE_STATE") ? IDLE_STATE : PASS_THROUGH;
            scale = scale.replaceAll(", with=\\w+", "").replaceAll("with=\\w+, ", "");
        }
        who = switch (who) {
            case "heartbeat", "ours" -> "Heartbeat";
            case "oursVaried" -> "Heartbeat, varied";
            case "probeAndAck" -> "Heartbeat, probe and ack";
            case "ping" -> "Heartbeat, ping";
            case "sent" -> "Heartbeat, sent";
            case "missAndProbe" -> "Heartbeat, misses and probes of a turn";
            case "bareStore" -> "a store, nobody watches";
            case "netty" -> "Netty HashedWheelTimer";
            case "executor" -> "ScheduledThreadPoolExecutor";
            case "agrona" -> "Agrona DeadlineTimerWheel";
            default -> who;
        };
        return new Figure(figure.topic(), who, scale, figure.what(), figure.value(), figure.unit());
    }

    /** What the handler adds to a channel. */
    private static List<Figure> withDifferences(List<Figure> figures) {
        List<Figure> all = new ArrayList<>(figures);
        for (Figure with : figures) {
            if (with.who().equals(IDLE_STATE)) {
                find(figures, with, PASS_THROUGH)
                        .ifPresent(without -> all.add(new Figure(
                                with.topic(),
                                ITS_PART,
                                with.scale(),
                                with.what(),
                                with.value() - without.value(),
                                with.unit())));
            }
        }
        return all;
    }

    private static Optional<Figure> find(List<Figure> figures, Figure like, String who) {
        return figures.stream()
                .filter(other -> other.who().equals(who)
                        && other.topic().equals(like.topic())
                        && other.scale().equals(like.scale())
                        && other.what().equals(like.what()))
                .findFirst();
    }

    private static boolean isOurs(Figure figure) {
        return figure.who().startsWith("Heartbeat");
    }

    private void print() {
        Set<String> topics = new LinkedHashSet<>();
        figures.forEach(figure -> topics.add(figure.topic()));
        for (String topic : topics) {
            out.printf("%n### %s%n%n", topic);
            out.println("| Scale | What | Who | Figure | × ours | Target |");
            out.println("|---|---|---|---|---|---|");
            Set<String> rows = new LinkedHashSet<>();
            figures.stream()
                    .filter(figure -> figure.topic().equals(topic))
                    .forEach(figure -> rows.add(figure.scale() + "\n" + figure.what()));
            for (String row : rows) {
                figures.stream()
                        .filter(figure ->
                                figure.topic().equals(topic) && row.equals(figure.scale() + "\n" + figure.what()))
                        .forEach(this::print);
            }
        }
    }

    private void print(Figure figure) {
        Optional<Figure> ours = find(figures, figure, "Heartbeat");
        String ratio = isOurs(figure) || ours.isEmpty() || ours.get().value() < LITTLE
                ? ""
                : number(figure.value() / ours.get().value());
        String target = isOurs(figure)
                ? Target.of(figure)
                        .map(its -> "≤ " + number(its.most()) + (its.isMet(figure) ? " ✔" : " ✘"))
                        .orElse("")
                : "";
        out.printf(
                "| %s | %s | %s | %s %s | %s | %s |%n",
                figure.scale(), figure.what(), figure.who(), number(figure.value()), figure.unit(), ratio, target);
    }

    private static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    }
}
