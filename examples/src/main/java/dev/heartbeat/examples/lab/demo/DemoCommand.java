package dev.heartbeat.examples.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job on the loopback, with everything going wrong that does; exits with 0 only if each promise held. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Plays the main job on the loopback: a server, some hundred clients, and a NAT between them.",
            "",
            "Clients vanish without a FIN, hang, lose their NAT mapping; links turn slow, stop, become black holes; the"
                    + " server itself stands still for a while. It ends by itself in under a minute, prints what"
                    + " happened, who noticed it and after how long, beside what the policies promise, and writes a"
                    + " page with pictures.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every promise held", "1:a promise was broken", "2:bad argument"})
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "200",
            description = "From 10 to 1000. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "1",
            description = "Intervals and timeouts shorter by so much, from 0.2 to 3. Default: ${DEFAULT-VALUE}.")
    private double speed;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Who meets which fault, and when. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            defaultValue = "heartbeat-demo.html",
            description = "Where the page goes. Default: ${DEFAULT-VALUE}.")
    private @Nullable Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the account as JSON.")
    private @Nullable Path json;

    /** For picocli. */
    public DemoCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(speed >= 0.2 && speed <= 3)) {
            throw new IllegalArgumentException("--speed: " + speed + " (expected: from 0.2 to 3)");
        }
        checkWritable(html);
        checkWritable(json);
        Settings settings = new Settings(clients, seed, 1 / speed);
        PrintWriter console = console();
        Run run = play(settings, console);
        new TextReport(console).write(run.account());
        if (html != null) {
            Files.writeString(html, HtmlReport.of(run), UTF_8);
            console.println("Page: " + html.toAbsolutePath().normalize());
        }
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), run.account());
            console.println("JSON: " + json.toAbsolutePath().normalize());
        }
        console.flush();
        return run.account().held() ? 0 : 1;
    }

    private static Run play(Settings settings, PrintWriter console) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        try (Stage stage = new Stage(settings, Plan.of(settings), words -> {
            double seconds = (System.nanoTime() - startNs) / 1e9;
            console.println(String.format(Locale.ROOT, "%5.1f s  %s", seconds, words));
            console.flush();
        })) {
            return stage.play();
        }
    }

    /** Better told now than in half a minute. */
    private static void checkWritable(@Nullable Path file) {
        if (file != null) {
            Path parent = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file) || parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
                throw new IllegalArgumentException(file + ": cannot be written (expected: a file in a directory that is"
                        + " there and may be written to)");
            }
        }
    }

    private PrintWriter console() {
        return spec == null
                ? new PrintWriter(System.out, true, UTF_8)
                : spec.commandLine().getOut();
    }
}
