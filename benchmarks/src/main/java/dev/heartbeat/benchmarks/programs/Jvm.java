package dev.heartbeat.benchmarks.programs;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start another JVM like this one. */
public final class Jvm {
    private Jvm() {}

    static List<String> command(Class<?> main, String... arguments) {
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return command(options, main, arguments);
    }

    /**
     * The command line of another JVM.
     *
     * @param options its options
     * @param main the class to run
     * @param arguments the program's
     * @return the words of the command
     */
    public static List<String> command(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }
}
