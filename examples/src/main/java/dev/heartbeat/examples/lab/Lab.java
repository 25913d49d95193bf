package dev.heartbeat.examples.lab;

import dev.heartbeat.examples.lab.detect.DetectCommand;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The lab's front door: picks the command, and says what is wrong with an argument in one line. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = "Shows, measures, and helps to choose.",
        subcommands = {DetectCommand.class})
public final class Lab {
    private Lab() {}

    /**
     * Runs a command and exits: 0 when it went well, 2 for a bad argument.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /**
     * The command line, for tests too. A command complains of an argument by throwing
     * {@link IllegalArgumentException}.
     *
     * @return a new one
     */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Lab());
        commandLine.setParameterExceptionHandler((e, args) -> complain(e.getCommandLine(), e));
        commandLine.setExecutionExceptionHandler((e, failed, result) -> {
            if (e instanceof IllegalArgumentException || e instanceof IOException) {
                return complain(failed, e);
            }
            throw e;
        });
        return commandLine;
    }

    private static int complain(CommandLine commandLine, Exception e) {
        String reason = e.getMessage() == null
                ? e.toString()
                : e.getMessage().lines().findFirst().orElse("");
        if (e instanceof NoSuchFileException) {
            reason = "no such file: " + reason;
        }
        commandLine.getErr().println(commandLine.getCommandName() + ": " + reason);
        return CommandLine.ExitCode.USAGE;
    }
}
