package dev.heartbeat.examples.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the README shows is what the build compiles and the tests run: letter by letter. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> snippets_areWhatTheBuildCompiles() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<MatchResult> shown = SNIPPET.matcher(readme).results().toList();
        assertFalse(shown.isEmpty(), "the README shows no snippet");
        return shown.stream()
                .map(it -> DynamicTest.dynamicTest(
                        it.group(1) + "#" + it.group(2),
                        () -> assertEquals(region(it.group(1), it.group(2)), it.group(3))));
    }

    @Test
    void diff_isThatOfTheTwoEchoServers() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        Matcher diff = Pattern.compile("```diff\\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertTrue(diff.find(), "the README shows no diff");
        Path echo = ROOT.resolve("examples/src/main/java/dev/heartbeat/examples/echo");
        Set<String> plain = code(echo.resolve("PlainEchoServer.java"), "PlainEchoServer");
        Set<String> wrapped = code(echo.resolve("HeartbeatEchoServer.java"), "HeartbeatEchoServer");
        Set<String> shown = diff.group(1).lines().map(ReadmeTest::withoutMargin).collect(Collectors.toSet());
        Set<String> real = new HashSet<>();
        plain.stream().filter(line -> !wrapped.contains(line)).forEach(line -> real.add("-" + line));
        wrapped.stream().filter(line -> !plain.contains(line)).forEach(line -> real.add("+" + line));
        assertEquals(real, shown);
    }

    private static String withoutMargin(String line) {
        return line.charAt(0) + line.substring(1).strip();
    }

    /** The lines of code, without margins, imports, comments and the class's own name. */
    private static Set<String> code(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.strip().replace(name, "EchoServer"))
                .filter(line -> !line.startsWith("import ") && !line.startsWith("/**"))
                .collect(Collectors.toSet());
    }

    /** What stands between the lines {@code // tag::name[]} and {@code // end::name[]}, with its margin cut. */
    private static String region(String file, String name) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve(file)).stream()
                .dropWhile(line -> !line.strip().equals("// tag::" + name + "[]"))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// end::" + name + "[]"))
                .toList();
        assertFalse(lines.isEmpty(), "no region " + name + " in " + file);
        return String.join("\n", lines).stripIndent() + "\n";
    }
}
