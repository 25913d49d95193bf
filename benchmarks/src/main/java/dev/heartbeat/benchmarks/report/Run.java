package dev.heartbeat.benchmarks.report;

import dev.heartbeat.benchmarks.programs.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures everything and writes the figures as JSON, after each step anew: a run that is broken off keeps what it has. */
public final class Run {
    private static final String USAGE = "usage: run [--quick] [--only PART_OF_A_NAME] [--list] [--out FILE]";

    private boolean quick;
    private boolean list;
    private String only = "";
    private Path out = Path.of("benchmarks", "target", "results.json");

    private Run(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--list" -> list = true;
                case "--only" -> only = arguments[++i].toLowerCase(Locale.ROOT);
                case "--out" -> out = Path.of(arguments[++i]);
                default -> throw new IllegalArgumentException(arguments[i] + "\n" + USAGE);
            }
        }
    }

    /**
     * Runs the plan.
     *
     * @param arguments see {@code --help}
     * @throws IOException if the figures cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        int failures;
        try {
            failures = new Run(arguments).run();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            failures = 2;
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    private int run() throws IOException {
        List<Step> steps = Plan.of(quick);
        steps.removeIf(step -> !step.name().toLowerCase(Locale.ROOT).contains(only));
        if (list) {
            steps.forEach(step -> System.out.println(step.name()));
            return 0;
        }
        List<Figure> figures = new ArrayList<>();
        Results results = new Results(
                machine(), System.getProperty("java.vm.version"), Instant.now().toString(), quick, figures);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Instant before = Instant.now();
            System.out.printf("[%d/%d] %s%n", i + 1, steps.size(), step.name());
            try {
                figures.addAll(step.run());
            } catch (Exception e) {
                failures.add(step.name());
                System.out.println("failed: " + e);
            }
            System.out.printf(
                    "        %d s%n", Duration.between(before, Instant.now()).toSeconds());
            results.write(out);
        }
        System.out.println("figures: " + out);
        failures.forEach(name -> System.out.println("failed: " + name));
        return failures.size();
    }

    private static String machine() {
        String model = System.getProperty("os.arch");
        try {
            model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElse(model);
        } catch (IOException e) {
            // Not everybody has it.
        }
        return Runtime.getRuntime().availableProcessors() + " × " + model + ", " + System.getProperty("os.name");
    }
}
