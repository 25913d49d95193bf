package dev.heartbeat.benchmarks.report;

import dev.heartbeat.benchmarks.programs.Figure;
import java.util.List;

/** One part of a run. */
interface Step {

    /** What it measures, for {@code --only}. */
    String name();

    /** Takes its time, and answers with what it found; throws if it failed. */
    List<Figure> run() throws Exception;
}
