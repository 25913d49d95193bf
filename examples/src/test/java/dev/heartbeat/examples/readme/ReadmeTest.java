package dev.heartbeat.examples.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
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

    /** What stands between the lines {@code // tag::name} and {@code // end::name}, with its margin cut. */
    private static String region(String file, String name) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve(file)).stream()
                .dropWhile(line -> !line.strip().equals("// tag::" + name))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// end::" + name))
                .toList();
        assertFalse(lines.isEmpty(), "no region " + name + " in " + file);
        return String.join("\n", lines).stripIndent() + "\n";
    }
}
