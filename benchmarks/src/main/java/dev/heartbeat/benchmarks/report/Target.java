package dev.heartbeat.benchmarks.report;

import dev.heartbeat.benchmarks.programs.Figure;
import java.util.List;
import java.util.Optional;

/**
 * What our figure should not exceed.
 *
 * @param topic the case
 * @param scale how its scale begins
 * @param what the quantity
 * @param most the bound
 */
record Target(String topic, String scale, String what, double most) {
    private static final List<Target> ALL = List.of(
            new Target("Activity", "connections=10000000", "time", 30),
            new Target("Activity", "connections=1000000", "time", 12),
            new Target("Activity", "connections=1", "time", 3),
            new Target("Activity", "", "allocated", 0.5),
            new Target("HeartbeatPath", "", "allocated", 0.5),
            new Target("ScheduleCancel", "", "time", 15),
            new Target("ScheduleCancel", "", "allocated", 0.5),
            new Target("EarlierDeadline", "live=10000000", "time", 250),
            new Target("EarlierDeadline", "live=1000000", "time", 100),
            new Target("MassExpiry", "order=RANDOM", "time", 100),
            new Target("MassExpiry", "order=SEQUENTIAL", "time", 28.6),
            new Target("mass death", "", "cpu", 200),
            new Target("mass death", "", "longest poll", 1000),
            new Target("steady state", "1000000", "process", 1),
            new Target("steady state", "10000000", "turns", 2),
            new Target("steady state", "10000000", "heap", 700),
            new Target("memory", "", "open", 64),
            new Target("memory", "", "after two minutes", 64),
            new Target("memory", "1000000", "wheel, open", 24),
            new Target("memory", "1000000", "wheel, after two minutes", 24),
            new Target("freeze", "", "falsely dead", 0),
            new Target("freeze", "", "dead and not found", 0),
            new Target("long run", "", "falsely dead", 0));

    /** What holds for a figure of ours, if anything does. */
    static Optional<Target> of(Figure figure) {
        return ALL.stream()
                .filter(target -> target.topic.equals(figure.topic())
                        && figure.scale().startsWith(target.scale)
                        && target.what.equals(figure.what()))
                .findFirst();
    }

    boolean isMet(Figure figure) {
        return figure.value() <= most;
    }
}
