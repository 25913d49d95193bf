package dev.heartbeat.examples.lab;

import dev.heartbeat.examples.lab.demo.DemoCommand;
import dev.heartbeat.examples.lab.detect.DetectCommand;
import dev.heartbeat.examples.lab.nat.NatCommand;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The lab's front door: picks the command, and says what is wrong with an argument in one line. */
@Command(
        name = "lab",
        description = "Shows the library at work, measures it, and helps to choose its settings.",
        mixinStandardHelpOptions = true,
        version = "heartbeat lab 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Each command has a --help of its own. Begin with: examples/lab demo"},
        subcommands = {DemoCommand.class, DetectCommand.class, NatCommand.class})
public final class Lab implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private Lab() {}

    /**
     * Runs a command and exits: 0 when all went well, 1 when a promise was broken, 2 for a bad argument.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /**
     * The command line, for tests too. A command complains of an argument by throwing
     * {@link IllegalArgumentException}; of a file, by letting the {@link IOException} go.
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

    /** No command was named. */
    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "no command (expected: one of " + commands(spec.commandLine()) + "; see --help)");
        }
    }

    private static String commands(CommandLine commandLine) {
        return String.join(", ", commandLine.getSubcommands().keySet());
    }

    private static int complain(CommandLine commandLine, Exception e) {
        String reason = e.getMessage() == null
                ? e.toString()
                : e.getMessage().lines().findFirst().orElse("");
        if (e instanceof NoSuchFileException) {
            reason = "no such file: " + reason;
        } else if (e instanceof CommandLine.UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            boolean top = commandLine.getParent() == null;
            reason = "unknown " + (top ? "command" : "argument") + ": "
                    + unmatched.getUnmatched().get(0)
                    + (top ? " (expected: one of " + commands(commandLine) + ")" : "");
        }
        commandLine.getErr().println(commandLine.getCommandSpec().qualifiedName() + ": " + reason);
        return CommandLine.ExitCode.USAGE;
    }
}
