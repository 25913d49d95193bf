package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.testkit.MonitorHarness;
import dev.heartbeat.wire.HeartbeatCodecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A channel in virtual time against the monitor itself: the pipeline may add nothing and lose nothing. */
class ModelTest {
    /** What happens next, and how long nothing does before. */
    enum Kind {
        HEAR,
        WRITE,
        ACK,
        NOTHING
    }

    record Step(Kind kind, int waitMs) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.of(Kind.class), Arbitraries.integers().between(1, 9_000))
                .as(Step::new);
        return step.list().ofMaxSize(40);
    }

    @Provide
    Arbitrary<HeartbeatPolicy> policies() {
        return Arbitraries.of(
                HeartbeatPolicy.builder()
                        .interval(Duration.ofSeconds(5))
                        .ackTimeout(Duration.ofSeconds(2))
                        .build(),
                HeartbeatPolicy.builder()
                        .interval(Duration.ofSeconds(4))
                        .ackTimeout(Duration.ofSeconds(4))
                        .probeWhen(Quiet.INBOUND)
                        .build(),
                HeartbeatPolicy.builder()
                        .interval(Duration.ofSeconds(4))
                        .probeWhen(Quiet.NEVER)
                        .failureDetector(FailureDetectors.silence(1.5, 3))
                        .reverseProbe(true)
                        .build());
    }

    @Property(tries = 300)
    void anyTraffic_comesToTheSameEndAsInTheMonitor(
            @ForAll("steps") List<Step> steps, @ForAll("policies") HeartbeatPolicy policy) {
        MonitorHarness harness = new MonitorHarness(0, settings -> settings);
        long handle = harness.open(policy);
        List<String> expected = new ArrayList<>();
        try (Rig rig = new Rig(HeartbeatHandler.builder(policy)
                .closeWhenDead(false)
                .protocol(HeartbeatProtocol.frames(HeartbeatCodecs.line())))) {
            int probes = 0;
            int answered = 0;
            for (Step step : steps) {
                harness.run(Duration.ofMillis(step.waitMs()));
                rig.pass(Duration.ofMillis(step.waitMs()));
                probes +=
                        (int) rig.written().stream().filter("PING\r\n"::equals).count();
                long nowNs = harness.clock().nanoTime();
                switch (step.kind()) {
                    case HEAR -> {
                        harness.monitor().received(handle, nowNs);
                        rig.hear("x");
                    }
                    case WRITE -> {
                        harness.monitor().sent(handle, nowNs);
                        rig.channel.writeOutbound(Rig.bytes("y"));
                    }
                    case ACK -> {
                        // Bytes first, as on a wire; then what they mean.
                        harness.monitor().received(handle, nowNs);
                        if (probes > 0 && answered < probes) {
                            harness.monitor().acked(handle, answered++ + 1, nowNs);
                            rig.hear("PONG\r\n");
                        } else {
                            rig.hear("x");
                        }
                    }
                    case NOTHING -> {}
                }
            }
            harness.run(Duration.ofHours(1));
            rig.pass(3600);
            probes += (int) rig.written().stream().filter("PING\r\n"::equals).count();
            for (String line : harness.listener().told()) {
                if (line.startsWith("suspect ")) {
                    expected.add("SUSPECT");
                } else if (line.startsWith("recovered ")) {
                    expected.add("RECOVERED");
                } else if (line.startsWith("dead ")) {
                    expected.add("DEAD");
                    expected.add("dead " + line.substring(line.lastIndexOf(' ') + 1));
                }
            }
            assertEquals(expected, rig.app.told);
            assertEquals(harness.probes().size(), probes);
            assertEquals(
                    harness.listener().causes().toString(),
                    rig.app.causes.toString(),
                    "the same cause, to the nanosecond");
        }
    }
}
