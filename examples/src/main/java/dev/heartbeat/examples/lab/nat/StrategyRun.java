package dev.heartbeat.examples.lab.nat;

import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Link;
import dev.heartbeat.interval.nat.NetworkProfileStore;
import dev.heartbeat.interval.nat.SearchState;
import dev.heartbeat.interval.nat.SmartInterval;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Runs the library's smart interval, or a user's strategy, event by event. */
final class StrategyRun {
    /** Runs begin just before the clock wraps around: every origin is legal. */
    private static final long ORIGIN_NS = Long.MAX_VALUE - Scenario.HOUR;

    private static final long SMART_ACK_TIMEOUT_NS = 2 * Scenario.SECOND;
    private static final long SMART_PATIENCE_NS = 300 * Scenario.SECOND;
    private static final long CUSTOM_ACK_TIMEOUT_NS = 8 * Scenario.SECOND;
    private static final int CUSTOM_MISSES = 3;

    /** A change of the operating interval, for the chart. */
    record Step(long atNs, long intervalNs) {}

    /** What a chart is drawn from. */
    record Story(Outcome outcome, List<SimulatedProber.Trace> probes, List<Step> steps) {}

    /** How ours is set up. */
    record Setup(Duration min, Duration max, Duration safeStart, int lanes) {}

    private StrategyRun() {}

    static Story smart(Setup setup, Scenario scenario, long seed) {
        Ledger ledger = new Ledger(scenario);
        Path path = new Path(scenario, seed, 2);
        SimulatedProber prober = new SimulatedProber(new Path(scenario, seed, 3), ledger, ORIGIN_NS, setup.lanes);
        Time time = new Time();
        Wire[] wire = new Wire[1];
        SmartInterval smart = SmartInterval.builder()
                .between(setup.min, setup.max)
                .safeStart(setup.safeStart)
                .lanes(setup.lanes)
                .retryEvery(Duration.ofNanos(SMART_ACK_TIMEOUT_NS))
                .probeWith(prober)
                .network(() -> "network-" + scenario.network(time.nowNs))
                .rememberIn(NetworkProfileStore.inMemory())
                .wallClock(time)
                .onPathLost(handle -> wire[0].giveUp(handle))
                .build();
        wire[0] = new Wire(path, ledger, smart, ORIGIN_NS, SMART_ACK_TIMEOUT_NS, 4, SMART_PATIENCE_NS);
        List<Step> steps = new ArrayList<>();
        long probesBefore = 0;
        while (time.nowNs < scenario.durationNs()) {
            if (smart.state() == SearchState.SETTLED && isRight(smart, scenario, time.nowNs)) {
                ledger.stable(time.nowNs, smart.probes() - probesBefore);
            } else if (time.nowNs < scenario.searchedFromNs()) {
                probesBefore = smart.probes();
            }
            long intervalNs = smart.operatingInterval().toNanos();
            if (steps.isEmpty() || steps.get(steps.size() - 1).intervalNs != intervalNs) {
                steps.add(new Step(time.nowNs, intervalNs));
            }
            long delayNs = smart.delayUntilNextNs(ORIGIN_NS + time.nowNs);
            long pollNs = delayNs == Long.MAX_VALUE ? Long.MAX_VALUE : time.nowNs + delayNs;
            long switchNs = scenario.nextSwitchNs(time.nowNs);
            long nextNs = Math.min(Math.min(wire[0].nextNs(time.nowNs), pollNs), Math.min(prober.nextNs(), switchNs));
            time.nowNs = Math.min(nextNs, scenario.durationNs());
            if (time.nowNs == switchNs) {
                wire[0].networkChanged(time.nowNs);
                smart.onNetworkChanged(ORIGIN_NS + time.nowNs);
            }
            prober.fire(time.nowNs);
            smart.poll(ORIGIN_NS + time.nowNs);
            wire[0].turn(time.nowNs);
        }
        Outcome outcome = ledger.close(
                "smart",
                seed,
                smart.estimate().toNanos(),
                smart.operatingInterval().toNanos(),
                smart.probes() - probesBefore);
        return new Story(outcome, prober.traces(), steps);
    }

    /** After a change of the path, what was known before it is no longer an answer. */
    private static boolean isRight(SmartInterval smart, Scenario scenario, long nowNs) {
        if (scenario.change().equals(Scenario.Change.NONE)) {
            return true;
        }
        long truthNs = Math.min(scenario.timeoutNs(nowNs), scenario.capNs());
        long offNs = Math.abs(truthNs - smart.estimate().toNanos());
        return offNs <= Math.max(truthNs / 50, 5 * Scenario.SECOND);
    }

    static Outcome custom(String name, IntervalStrategy strategy, Scenario scenario, long seed) {
        Ledger ledger = new Ledger(scenario);
        Path path = new Path(scenario, seed, 2);
        Wire wire = new Wire(path, ledger, strategy, ORIGIN_NS, CUSTOM_ACK_TIMEOUT_NS, CUSTOM_MISSES, 0);
        long nowNs = 0;
        long intervalNs = 0;
        long changedNs = 0;
        while (nowNs < scenario.durationNs()) {
            long switchNs = scenario.nextSwitchNs(nowNs);
            nowNs = Math.min(Math.min(wire.nextNs(nowNs), switchNs), scenario.durationNs());
            if (nowNs == switchNs) {
                wire.networkChanged(nowNs);
                strategy.onNetworkChanged(ORIGIN_NS + nowNs);
            }
            wire.turn(nowNs);
            long planned = strategy.intervalNs((Link) wire, ORIGIN_NS + nowNs);
            if (planned != intervalNs) {
                intervalNs = planned;
                changedNs = nowNs;
            }
        }
        if (changedNs < scenario.durationNs() - scenario.durationNs() / 10) {
            ledger.stable(Math.max(changedNs, scenario.searchedFromNs()), 0);
        }
        return ledger.close(name, seed, intervalNs, intervalNs, 0);
    }

    /** The run's time, also as the wall clock that dates what is remembered. */
    private static final class Time extends Clock {
        private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
        long nowNs;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return BEGIN.plusNanos(nowNs);
        }
    }
}
