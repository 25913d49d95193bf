package dev.heartbeat.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartbeat.benchmarks.programs.Figure;
import dev.heartbeat.benchmarks.programs.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A whole-engine program, in a JVM of its own. */
final class Program implements Step {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Class<?> main;
    private final String heap;
    private final String[] arguments;

    Program(Class<?> main, String heap, Object... arguments) {
        this.main = main;
        this.heap = heap;
        this.arguments = new String[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            this.arguments[i] = String.valueOf(arguments[i]);
        }
    }

    @Override
    public String name() {
        return main.getSimpleName() + " " + String.join(" ", arguments);
    }

    @Override
    public List<Figure> run() throws IOException, InterruptedException {
        List<String> options = List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC");
        Process process = new ProcessBuilder(Jvm.command(options, main, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Figure> figures = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{")) {
                    figures.add(JSON.readValue(line, Figure.class));
                } else {
                    System.out.println(line);
                }
            }
        }
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(name() + ": exit " + exit + " after " + figures);
        }
        return figures;
    }
}
