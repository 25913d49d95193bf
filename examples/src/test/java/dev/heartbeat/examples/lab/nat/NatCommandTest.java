package dev.heartbeat.examples.lab.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartbeat.examples.lab.Lab;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class NatCommandTest {
    private static final List<String> FIELDS = List.of(
            "algorithm",
            "timeoutS",
            "loss",
            "seed",
            "days",
            "natDropsPerDay",
            "falseDropsPerDay",
            "unreachableShare",
            "estimateS",
            "intervalS",
            "probes",
            "stableAfterH",
            "messagesPerDay",
            "idealMessagesPerDay");

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int lab(String... args) {
        CommandLine line = Lab.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("nat"));
        all.addAll(List.of(args));
        return line.execute(all.toArray(String[]::new));
    }

    private List<JsonNode> rows(String... args) throws IOException {
        Path json = directory.resolve("out.json");
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--json", json.toString()));
        assertEquals(0, lab(all.toArray(String[]::new)), err::toString);
        List<JsonNode> rows = new ArrayList<>();
        new ObjectMapper().readTree(json.toFile()).forEach(rows::add);
        return rows;
    }

    private static double days(JsonNode row, String field) {
        return row.get(field).asDouble() * row.get("days").asDouble();
    }

    @ParameterizedTest
    @CsvSource({"0", "2%", "5%"})
    void smart_anyTimeout_reachesItsTargets(String loss) throws IOException {
        List<JsonNode> rows = rows(
                "--algorithms",
                "smart",
                "--loss",
                loss,
                "--repeat",
                "3",
                "--timeouts",
                "61,97,133,239,300,600,1253,3600");
        assertEquals(24, rows.size());
        for (JsonNode row : rows) {
            double truth = Math.min(row.get("timeoutS").asDouble(), 1_800);
            assertEquals(
                    0,
                    row.get("natDropsPerDay").asDouble()
                            + row.get("falseDropsPerDay").asDouble(),
                    row::toString);
            assertEquals(truth, row.get("estimateS").asDouble(), Math.max(0.02 * truth, 5), row::toString);
            assertTrue(row.get("estimateS").asDouble() <= truth, row::toString);
            assertTrue(truth - row.get("intervalS").asDouble() <= Math.max(0.05 * truth, 10) + 7, row::toString);
            assertTrue(row.get("probes").asInt() <= 16, row::toString);
            double limitS = 2 * truth + 60 * row.get("probes").asInt();
            assertTrue(row.get("stableAfterH").asDouble() * 3_600 <= limitS, row::toString);
            if (truth >= 120 && !loss.equals("5%")) {
                assertTrue(
                        row.get("messagesPerDay").asDouble()
                                <= 1.15 * row.get("idealMessagesPerDay").asDouble(),
                        row::toString);
            }
        }
    }

    @Test
    void smart_shrink_costsOneDropAndLessThanTwentyMinutes() throws IOException {
        for (JsonNode row : rows(
                "--algorithms", "smart", "--change", "600:120@1d", "--days", "3", "--repeat", "5", "--loss", "2%")) {
            assertTrue(days(row, "natDropsPerDay") + days(row, "falseDropsPerDay") <= 1.001, row::toString);
            assertTrue(row.get("stableAfterH").asDouble() <= 20.0 / 60, row::toString);
            assertEquals(120, row.get("estimateS").asDouble(), 5, row::toString);
        }
    }

    @Test
    void smart_growth_costsNoDropAndIsFoundWithinADay() throws IOException {
        for (JsonNode row : rows("--algorithms", "smart", "--change", "240:600@30h", "--days", "4", "--repeat", "5")) {
            assertEquals(0, row.get("natDropsPerDay").asDouble(), row::toString);
            assertTrue(row.get("stableAfterH").asDouble() <= 24, row::toString);
        }
    }

    @Test
    void smart_twoNetworksInTurn_dropsNothing() throws IOException {
        for (JsonNode row : rows("--algorithms", "smart", "--switch", "--days", "5", "--timeouts", "600,61,1700")) {
            assertEquals(
                    0,
                    row.get("natDropsPerDay").asDouble()
                            + row.get("falseDropsPerDay").asDouble(),
                    row::toString);
        }
    }

    @Test
    void smart_hourlyOutages_areWeathered() throws IOException {
        for (JsonNode row :
                rows("--algorithms", "smart", "--outages", "--timeouts", "600", "--loss", "2%", "--repeat", "5")) {
            assertTrue(days(row, "natDropsPerDay") + days(row, "falseDropsPerDay") <= 10.001, row::toString);
            assertEquals(600, row.get("estimateS").asDouble(), 12, row::toString);
        }
    }

    @Test
    void json_everyAlgorithm_hasTheFieldsInOrder() throws IOException {
        List<JsonNode> rows = rows("--timeouts", "300", "--days", "1", "--repeat", "2");
        assertEquals(18, rows.size());
        for (JsonNode row : rows) {
            List<String> names = new ArrayList<>();
            row.fieldNames().forEachRemaining(names::add);
            assertEquals(FIELDS, names);
        }
        assertTrue(out.toString().contains("mars"));
    }

    @Test
    void seed_theSame_givesTheSame() throws IOException {
        List<JsonNode> once = rows("--timeouts", "100,1000", "--loss", "5%", "--days", "2", "--seed", "7");
        assertEquals(once, rows("--timeouts", "100,1000", "--loss", "5%", "--days", "2", "--seed", "7"));
    }

    @Test
    void rivals_knownCases_doWhatIsKnownOfThem() throws IOException {
        List<JsonNode> rows = rows("--timeouts", "300", "--algorithms", "mars,chromium,aosp-eas,direct-push,iglance");
        assertEquals(2, days(rows.get(0), "natDropsPerDay"), 0.01);
        assertEquals(90, rows.get(1).get("natDropsPerDay").asDouble(), 1);
        assertEquals(290, rows.get(2).get("intervalS").asDouble());
        assertEquals(176, rows.get(3).get("natDropsPerDay").asDouble(), 1);
        assertEquals(256, rows.get(4).get("intervalS").asDouble());
    }

    @Test
    void custom_strategyOfTheUser_runsOnTheSameGround() throws IOException {
        List<JsonNode> rows =
                rows("--timeouts", "300,900", "--algorithms", "smart", "--custom", EverySixMinutes.class.getName());
        assertEquals(4, rows.size());
        assertEquals(
                EverySixMinutes.class.getName(), rows.get(1).get("algorithm").asText());
        assertTrue(rows.get(1).get("natDropsPerDay").asDouble() > 200);
        assertEquals(0, rows.get(3).get("natDropsPerDay").asDouble());
    }

    @Test
    void profiles_bundledAndFromAFile_areRun() throws IOException {
        assertTrue(rows("--algorithms", "smart", "--days", "0.1").size() > 20);
        Path file = directory.resolve("p.csv");
        Files.writeString(file, "name,idle_timeout_s\na,77\n\"b, c\",>88\n");
        assertEquals(
                2,
                rows("--profiles", file.toString(), "--algorithms", "smart", "--days", "0.1")
                        .size());
    }

    @Test
    void chart_oneSearch_isASvg() throws IOException {
        Path chart = directory.resolve("search.svg");
        assertEquals(0, lab("--timeouts", "300", "--algorithms", "smart", "--days", "1", "--chart", chart.toString()));
        String svg = Files.readString(chart);
        assertTrue(svg.startsWith("<svg") && svg.contains("<circle") && svg.endsWith("</svg>\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--timeouts 0",
                "--timeouts 61,,97",
                "--timeouts abc",
                "--timeouts -5",
                "--loss 70%",
                "--loss x",
                "--days 0",
                "--days NaN",
                "--seed x",
                "--repeat 0",
                "--change 600:120",
                "--change 600@1d:120",
                "--change 600:120@9d",
                "--change 600:120@1d --timeouts 60",
                "--outages 2h@1h",
                "--switch 12h",
                "--algorithms smart,nobody",
                "--custom no.such.Class",
                "--custom java.lang.String",
                "--profiles /no/such/file",
                "--profiles /",
                "--min 60 --max 30",
                "--safe-start 1",
                "--lanes 0",
                "--json /no/such/directory/x --timeouts 60 --days 0.1",
                "--nonsense",
                "stray"
            })
    void badArgument_any_isOneLineAndStatusTwo(String args) {
        assertEquals(2, lab(args.split(" ")));
        assertEquals(1, err.toString().lines().count(), err::toString);
    }

    /** A user's own. */
    public static final class EverySixMinutes implements IntervalStrategy {
        /** As the lab makes it. */
        public EverySixMinutes() {}

        @Override
        public long intervalNs(Link link, long nowNs) {
            return 360_000_000_000L;
        }
    }
}
