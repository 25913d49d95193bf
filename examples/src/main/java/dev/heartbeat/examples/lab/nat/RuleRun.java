package dev.heartbeat.examples.lab.nat;

/**
 * Runs a rule. It is given the sight of an expired mapping, which over many a real NAT it would not have: its heartbeat
 * would be answered through a new mapping.
 */
final class RuleRun {
    private RuleRun() {}

    static Outcome run(String algorithm, Rule rule, Scenario scenario, long seed) {
        Path path = new Path(scenario, seed, 1);
        Ledger ledger = new Ledger(scenario);
        long nowNs = 0;
        long passedNs = 0;
        long changedNs = 0;
        long intervalNs = rule.intervalNs();
        rule.onNetwork(0, 0);
        rule.onConnected();
        while (true) {
            rule.advance(path, nowNs);
            if (rule.intervalNs() != intervalNs) {
                intervalNs = rule.intervalNs();
                changedNs = nowNs;
            }
            long switchNs = scenario.nextSwitchNs(nowNs);
            if (switchNs <= nowNs + intervalNs && switchNs < scenario.durationNs()) {
                rule.onNetwork(scenario.network(switchNs), switchNs);
                nowNs = path.reconnectedNs(switchNs);
                passedNs = nowNs;
                rule.onConnected();
                continue;
            }
            nowNs += intervalNs;
            if (nowNs >= scenario.durationNs()) {
                break;
            }
            ledger.message();
            boolean expired = nowNs - passedNs > path.timeoutNs(nowNs);
            boolean lost = !expired && (path.isOut(nowNs) || path.isLost());
            if (!expired && !lost) {
                passedNs = nowNs;
                rule.onAnswered(nowNs);
                continue;
            }
            long noticedNs = nowNs + rule.ackTimeoutNs();
            ledger.dropped(expired, passedNs + path.timeoutNs(nowNs), noticedNs);
            rule.onFailure(noticedNs);
            nowNs = path.reconnectedNs(noticedNs);
            passedNs = nowNs;
            rule.onConnected();
        }
        ledger.messages(rule.sideMessages());
        if (changedNs < scenario.durationNs() - scenario.durationNs() / 10) {
            ledger.stable(Math.max(changedNs, scenario.searchedFromNs()), rule.sideMessages());
        }
        return ledger.close(algorithm, seed, intervalNs, intervalNs, rule.sideMessages());
    }
}
