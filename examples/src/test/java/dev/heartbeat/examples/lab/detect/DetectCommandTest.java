package dev.heartbeat.examples.lab.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartbeat.examples.lab.Lab;
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
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DetectCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int lab(String... args) {
        CommandLine lab = Lab.commandLine();
        lab.setOut(new PrintWriter(out, true));
        lab.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("detect"));
        all.addAll(List.of(args));
        return lab.execute(all.toArray(String[]::new));
    }

    /** Ten heartbeats of 100 ms with a delay of 10 ms; the sixth is lost, the eighth 80 ms late. */
    private Path small(String header) throws IOException {
        StringBuilder text = new StringBuilder(header).append('\n');
        for (int i = 0; i < 10; i++) {
            String received = i == 5 ? "" : String.valueOf(i * 100 + (i == 7 ? 90 : 10));
            text.append(i)
                    .append(',')
                    .append(i * 100)
                    .append(',')
                    .append(received)
                    .append('\n');
        }
        return Files.writeString(folder.resolve("small.csv"), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seq,sent_ms,received_ms", "seq,send_ms,recv_ms", "seq,send_ms,recv_ms(empty=lost)"})
    void detect_byHand_isAsComputed(String header) throws IOException {
        Path json = folder.resolve("out.json");
        // A timeout of 1.5 periods after the arrival: 150 ms. T_D is 160 ms; 60 for the lost one; 240 for the late one.
        String csv = small(header).toString();
        assertEquals(0, lab(csv, "--detectors", "fixed", "--at", "158", "--warmup", "0", "--json", json.toString()));
        JsonNode result = new ObjectMapper().readTree(json.toFile()).get(0);
        assertEquals("small", result.get("trace").asText());
        assertEquals("fixed", result.get("detector").asText());
        assertEquals(1.5, result.get("setting").asDouble(), 0.001);
        assertEquals(158, result.get("tdMeanMs").asDouble(), 0.02);
        assertEquals(240, result.get("tdP99Ms").asDouble(), 0.02);
        assertEquals(2, result.get("mistakes").asInt());
        assertEquals(2 / (900 / 3.6e6), result.get("mistakesPerHour").asDouble(), 0.1);
        assertEquals(40, result.get("mistakeMeanMs").asDouble(), 0.05); // 50 for the lost one, 30 for the late one
        assertEquals(1 - 80.0 / 900, result.get("queryAccuracy").asDouble(), 0.001);
        assertEquals(10, result.get("heartbeats").asInt());
    }

    @Test
    void synth_out_isReadBackAsItWas() throws IOException {
        Path csv = folder.resolve("wan.csv");
        assertEquals(0, lab("--synth", "wan", "--seed", "7", "--heartbeats", "5000", "--out", csv.toString()));
        Trace made = Synthetic.WAN.trace(5_000, 7);
        Trace read = TraceCsv.read(csv, 103_501_000);
        assertEquals(made.arrivals().length, read.arrivals().length);
        for (int i = 0; i < made.arrivals().length; i++) {
            assertEquals(made.arrivalNs()[i], read.arrivalNs()[i]);
        }
    }

    @Test
    void synth_wan_hasThePublishedStatistics() {
        Trace trace = Synthetic.WAN.trace(1_000_000, 1);
        double lost = 1 - (double) trace.arrivals().length / trace.sentNs().length;
        assertTrue(lost > 0.002 && lost < 0.008, "lost " + lost);
        assertEquals(141.5, trace.meanDelayNs() / 1e6, 2);
        assertEquals(103.501, Period.estimateNs(trace.sentNs()) / 1e6, 0.001);
    }

    @Test
    void pooled_namesBudgetsAndSettings() throws IOException {
        Path json = folder.resolve("pooled.json");
        assertEquals(
                0,
                lab(
                        "--synth",
                        "wan,lan",
                        "--heartbeats",
                        "20000",
                        "--pooled",
                        "1.5,3",
                        "--detectors",
                        "fixed,adaptive",
                        "--json",
                        json.toString()));
        JsonNode results = new ObjectMapper().readTree(json.toFile());
        assertEquals(4, results.size());
        assertEquals("fixed", results.get(0).get("detector").asText());
        assertEquals(1.5, results.get(0).get("budget").asDouble());
        assertEquals(1.5, results.get(0).get("setting").asDouble(), 0.05);
        assertTrue(results.get(0).get("mistakesPerMillion").asDouble() > 0);
    }

    @Test
    void sweep_ofEverybody_drawsAChart() throws IOException {
        for (String name : List.of("chart.svg", "chart.html")) {
            Path chart = folder.resolve(name);
            assertEquals(0, lab("--synth", "wan,lan", "--heartbeats", "5000", "--chart", chart.toString()));
            String text = Files.readString(chart);
            assertTrue(text.contains("<svg") && text.contains(">adaptive<"));
        }
        for (Contender one : Contenders.all()) {
            assertTrue(out.toString().contains(one.name()), one.name());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nowhere.csv",
                "--synth moon",
                "--synth wan --detectors crystal-ball",
                "--synth wan --at soon",
                "--synth wan --at -5",
                "--synth wan --warmup -1",
                "--synth wan --heartbeats 500",
                "--synth wan --chart a.gif",
                "--synth wan --json /nowhere/at/all.json --heartbeats 5000 --at 300 --detectors fixed",
                "--out a.csv",
                "--frobnicate"
            })
    void badArgument_isOneLineAndStatusTwo(String line) {
        assertEquals(2, line.isEmpty() ? lab() : lab(line.split(" ")));
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().startsWith("lab detect: "), err::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "seq,sent_ms,received_ms", "a,b,c\n1,2,3", "seq,sent_ms,received_ms\n0,x,5\n1,6,7"})
    void badFile_isOneLineAndStatusTwo(String text) throws IOException {
        Path csv = Files.writeString(folder.resolve("bad.csv"), text);
        assertEquals(2, lab(csv.toString()));
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains("bad.csv"), err::toString);
    }
}
