package dev.heartbeat.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.heartbeat.benchmarks.programs.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What one run has measured.
 *
 * @param machine on what
 * @param java by which JVM
 * @param started when
 * @param quick whether the run was only to see that all works
 * @param figures the figures, in the order in which they were measured
 */
record Results(String machine, String java, String started, boolean quick, List<Figure> figures) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static Results read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Results.class);
    }

    void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        JSON.writeValue(file.toFile(), this);
    }
}
