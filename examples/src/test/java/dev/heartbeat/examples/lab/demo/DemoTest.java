package dev.heartbeat.examples.lab.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartbeat.examples.lab.Lab;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The whole demo, in a hurry, on real sockets. */
@Timeout(120)
class DemoTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int lab(String... args) {
        CommandLine lab = Lab.commandLine();
        lab.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return lab.execute(args);
    }

    @Test
    void demo_inAHurry_keepsEachPromiseAndSaysSo() throws IOException {
        Path page = directory.resolve("page.html");
        Path json = directory.resolve("account.json");
        int status =
                lab("demo", "--clients", "40", "--speed", "2.5", "--html", page.toString(), "--json", json.toString());
        assertEquals(0, status, () -> out + "\n" + err);
        JsonNode account = new ObjectMapper().readTree(json.toFile());
        assertEquals(40, account.get("settings").get("clients").asInt());
        assertTrue(account.get("notices").size() > 10);
        account.get("checks").forEach(check -> assertTrue(check.get("held").asBoolean(), check::toString));
        String html = Files.readString(page);
        assertTrue(html.contains("All " + account.get("checks").size() + " promises held"));
        assertFalse(html.contains("{{"), "a place was left unfilled");
        // Self-contained: nothing is fetched.
        assertFalse(Pattern.compile("(src|href)\\s*=|url\\(|@import|<script")
                .matcher(html)
                .find());
        assertTrue(out.toString().contains("All " + account.get("checks").size() + " promises held."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--clients=5 | clients: 5 (expected: from 10 to 1000)",
                "--clients=many | 'many' is not an int",
                "--speed=0 | --speed: 0.0 (expected: from 0.2 to 3)",
                "--speed=NaN | --speed: NaN (expected: from 0.2 to 3)",
                "--html=/no/such/directory/x.html | cannot be written",
                "--json=/no/such/directory/x.json | cannot be written",
                "--nonsense | Unknown option: '--nonsense'"
            })
    void demo_badArgument_saysSoInOneLineAndExitsWith2(String argument, String expected) {
        assertEquals(2, lab("demo", argument));
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().startsWith("lab demo: "), err::toString);
        assertTrue(err.toString().contains(expected), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void lab_unknownOrNoCommand_exitsWith2AndNamesThose() {
        assertEquals(2, lab("dmeo"));
        assertTrue(err.toString().startsWith("lab: unknown command: dmeo (expected: one of demo, "), err::toString);
        assertEquals(2, lab());
        assertTrue(err.toString().contains("lab: no command"), err::toString);
    }

    @Test
    void lab_help_listsTheCommands() {
        assertEquals(0, lab("--help"));
        assertTrue(out.toString().contains("demo"));
        assertEquals(0, lab("demo", "--help"));
        assertTrue(out.toString().contains("--seed"));
    }
}
