package dev.heartbeat.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.testkit.FakePeer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our suspicion times against those of the published algorithms, heartbeat by heartbeat; see the README beside them. */
class GoldenVectorsTest {
    private static final long INTERVAL_NS = 103_501_000;

    /**
     * 1e-6 ms. The two that multiply what they learnt by a large factor show that the vectors were made from arrivals
     * before those were rounded to 1e-6 ms.
     */
    private static double toleranceNs(String column, int arrivals) {
        boolean magnified = column.startsWith("phi_paper") || column.startsWith("cassandra");
        return !magnified ? 1 : arrivals > 100 ? 2 : 6;
    }

    static Stream<Arguments> detectors() {
        return Stream.of(
                Arguments.of("fixed", FailureDetectors.silence(2, 4)),
                Arguments.of("chen_n1", FailureDetectors.chen(1, 2, 1)),
                Arguments.of("chen_n32", FailureDetectors.chen(1, 2, 32)),
                Arguments.of("chen_n1000", FailureDetectors.chen(1, 2, 1000)),
                Arguments.of("twofd_1_1000", FailureDetectors.twoWindows(1, 2)),
                Arguments.of("bertier_n1000_phi4", FailureDetectors.bertier(4, 8)),
                Arguments.of(
                        "phi_paper_w1000_Phi8",
                        FailureDetectors.phi()
                                .window(1000)
                                .deviationFloor(0)
                                .learning(Learning.EVERYTHING)
                                .build()),
                Arguments.of(
                        "phi_pekko_w200_msd.1eta_Phi8_pause0",
                        FailureDetectors.phi().learning(Learning.UNSUSPECTED).build()),
                Arguments.of(
                        "phi_pekko_w1000_msd.1eta_Phi8_pause3eta",
                        FailureDetectors.phi()
                                .window(1000)
                                .acceptablePause(3)
                                .learning(Learning.UNSUSPECTED)
                                .build()),
                Arguments.of(
                        "cassandra_w1000_Phi8",
                        FailureDetectors.exponential()
                                .window(1000)
                                .learning(Learning.NO_OUTAGES)
                                .build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("detectors")
    void suspectAfter_onTheTrace_isAsPublished(String column, FailureDetector detector) {
        List<String[]> trace = rows("WAN-synth_trace.csv");
        List<String[]> expected = rows("WAN-synth_T.csv");
        int index = List.of(expected.get(0)).indexOf(column);
        FakePeer peer = new FakePeer(detector, INTERVAL_NS, 0);
        List<String[]> arrivals = trace.stream()
                .skip(1)
                .filter(row -> row.length > 2)
                .sorted((a, b) -> Long.compare(ns(a[2]), ns(b[2])))
                .toList();
        int row = 1;
        long highest = -1;
        for (String[] arrival : arrivals) {
            long sequence = Long.parseLong(arrival[0]);
            if (sequence < highest) {
                continue; // see reordering in FailureDetectorContract: it changes nothing that was learnt
            }
            highest = sequence;
            long nowNs = ns(arrival[2]);
            peer.heard(detector, sequence, nowNs);
            String[] golden = expected.get(row++);
            assertEquals(sequence, Long.parseLong(golden[0]));
            assertEquals(
                    ns(golden[index]),
                    nowNs + detector.suspectAfterNs(peer),
                    toleranceNs(column, row - 1),
                    () -> column + " after heartbeat " + sequence);
        }
        assertEquals(expected.size(), row);
        assertTrue(row > 4_000);
    }

    @Test
    void deviations_ofPhi_isTheInverse() {
        Matcher pair = Pattern.compile("\\[\\s*([0-9.]+),\\s*([0-9.]+)\\s*]").matcher(text("phi_inverse.json"));
        int pairs = 0;
        while (pair.find()) {
            double phi = Double.parseDouble(pair.group(1));
            double y = Double.parseDouble(pair.group(2));
            assertEquals(y, NormalTail.deviations(phi), 1e-9);
            assertEquals(phi, NormalTail.phi(y), 1e-9);
            pairs++;
        }
        assertEquals(9, pairs);
    }

    private static long ns(String ms) {
        return new BigDecimal(ms).movePointRight(6).longValueExact();
    }

    private static List<String[]> rows(String name) {
        return text(name).lines().map(line -> line.split(",")).toList();
    }

    private static String text(String name) {
        try (InputStream in = GoldenVectorsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
