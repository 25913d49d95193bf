package dev.heartbeat.examples.lab.nat;

import static dev.heartbeat.examples.lab.nat.Scenario.DAY;
import static dev.heartbeat.examples.lab.nat.Scenario.SECOND;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The rules of others, written afresh from what is known about them. */
final class Rules {
    static final Map<String, Supplier<Rule>> ALL = all();

    private Rules() {}

    static Rule create(String name) {
        Supplier<Rule> rule = ALL.get(name);
        if (rule == null) {
            throw Options.bad("algorithm", name, "of " + ALL.keySet());
        }
        return rule.get();
    }

    private static Map<String, Supplier<Rule>> all() {
        Map<String, Supplier<Rule>> rules = new LinkedHashMap<>();
        rules.put("mars", Mars::new);
        rules.put("wechat-article", WeChatArticle::new);
        rules.put("microg", MicroG::new);
        rules.put("chromium", Chromium::new);
        rules.put("direct-push", DirectPush::new);
        rules.put("aosp-eas", AospEas::new);
        rules.put("kontalk", Kontalk::new);
        rules.put("iglance", IGlance::new);
        return rules;
    }

    /** 210 to 580 s in steps of 60 after five answers; two failures in a row end the search 80 s lower. */
    private static final class Mars implements Rule {
        private static final long MIN = 210 * SECOND;
        private static final long MAX = 580 * SECOND;

        private static final class MarsMemory {
            long intervalNs = MIN;
            int answers;
            int failures;
            boolean stable;
            long savedNs;
        }

        private final Map<Integer, MarsMemory> networks = new HashMap<>();
        private MarsMemory at = new MarsMemory();
        private int warmUp;

        @Override
        public long intervalNs() {
            return warmUp > 0 ? MIN : at.intervalNs;
        }

        @Override
        public void onNetwork(int network, long nowNs) {
            at = networks.computeIfAbsent(network, n -> new MarsMemory());
        }

        @Override
        public void onConnected() {
            warmUp = 3;
        }

        @Override
        public void onAnswered(long nowNs) {
            if (warmUp > 0) {
                warmUp--;
                return;
            }
            at.failures = 0;
            if (at.stable) {
                if (nowNs - at.savedNs >= 7 * DAY) {
                    at.intervalNs = Math.min(MAX, at.intervalNs + 20 * SECOND);
                    at.savedNs = nowNs;
                }
            } else if (++at.answers >= 5) {
                at.answers = 0;
                at.stable = at.intervalNs == MAX;
                at.intervalNs = Math.min(MAX, at.intervalNs + 60 * SECOND);
                at.savedNs = nowNs;
            }
        }

        @Override
        public void onFailure(long nowNs) {
            at.answers = 0;
            if (++at.failures >= 2) {
                at.failures = 0;
                at.intervalNs = at.stable ? MIN : Math.max(MIN, at.intervalNs - 80 * SECOND);
                at.stable = true;
                at.savedNs = nowNs;
            }
        }
    }

    /** From 270 s in steps of 60 per answer; one answer is proof, five failures in a row end or restart it. */
    private static final class WeChatArticle implements Rule {
        private static final long MIN = 270 * SECOND;
        private static final long MAX = 580 * SECOND;

        private static final class ArticleMemory {
            long intervalNs = MIN;
            long answeredNs = MIN;
            int failures;
            boolean stable;
        }

        private final Map<Integer, ArticleMemory> networks = new HashMap<>();
        private ArticleMemory at = new ArticleMemory();
        private int warmUp;

        @Override
        public long intervalNs() {
            return warmUp > 0 ? MIN : at.intervalNs;
        }

        @Override
        public void onNetwork(int network, long nowNs) {
            at = networks.computeIfAbsent(network, n -> new ArticleMemory());
        }

        @Override
        public void onConnected() {
            warmUp = 3;
        }

        @Override
        public void onAnswered(long nowNs) {
            if (warmUp > 0) {
                warmUp--;
                return;
            }
            at.failures = 0;
            if (!at.stable) {
                at.answeredNs = at.intervalNs;
                at.stable = at.intervalNs == MAX;
                at.intervalNs = Math.min(MAX, at.intervalNs + 60 * SECOND);
            }
        }

        @Override
        public void onFailure(long nowNs) {
            if (++at.failures < 5) {
                return;
            }
            at.failures = 0;
            if (at.stable) {
                at.stable = false;
                at.answeredNs = MIN;
                at.intervalNs = MIN;
            } else {
                at.stable = true;
                at.intervalNs = Math.max(MIN, at.answeredNs - 10 * SECOND);
            }
        }
    }

    /** 300 to 900 s, up by 2 % per answer, down by 5 % three times per silent death, each time after 90 s. */
    private static final class MicroG implements Rule {
        private double intervalNs = 300e9;

        @Override
        public long intervalNs() {
            return (long) intervalNs;
        }

        @Override
        public long ackTimeoutNs() {
            return 3 * 90 * SECOND;
        }

        @Override
        public void onAnswered(long nowNs) {
            intervalNs = Math.min(900e9, intervalNs * 1.02);
        }

        @Override
        public void onFailure(long nowNs) {
            intervalNs = Math.max(300e9, intervalNs * 0.95 * 0.95 * 0.95);
        }
    }

    /** A fixed quarter of an hour, as over Wi-Fi. */
    private static final class Chromium implements Rule {
        @Override
        public long intervalNs() {
            return 900 * SECOND;
        }

        @Override
        public long ackTimeoutNs() {
            return 60 * SECOND;
        }
    }

    /** 480 s and 300 more per answer; back one step when the step failed, else to the start. */
    private static final class DirectPush implements Rule {
        private static final long MIN = 480 * SECOND;
        private static final long MAX = 1_800 * SECOND;
        private long intervalNs = MIN;
        private long previousNs = MIN;
        private boolean justRaised;

        @Override
        public long intervalNs() {
            return intervalNs;
        }

        @Override
        public void onAnswered(long nowNs) {
            justRaised = intervalNs < MAX;
            previousNs = intervalNs;
            intervalNs = Math.min(MAX, intervalNs + 300 * SECOND);
        }

        @Override
        public void onFailure(long nowNs) {
            intervalNs = justRaised ? previousNs : MIN;
            justRaised = false;
        }
    }

    /** 290 to 1010 s from 470 in steps of 180; the first failure above what was answered freezes it one step lower. */
    private static final class AospEas implements Rule {
        private long intervalNs = 470 * SECOND;
        private long highWaterNs;
        private boolean frozen;

        @Override
        public long intervalNs() {
            return intervalNs;
        }

        @Override
        public void onAnswered(long nowNs) {
            highWaterNs = Math.max(highWaterNs, intervalNs);
            if (!frozen) {
                intervalNs = Math.min(1_010 * SECOND, intervalNs + 180 * SECOND);
            }
        }

        @Override
        public void onFailure(long nowNs) {
            if (intervalNs > highWaterNs) {
                intervalNs = Math.max(290 * SECOND, intervalNs - 180 * SECOND);
                frozen = true;
            }
        }
    }

    /** 90 to 1800 s from above: half after a failure, half as much again after a wait, longer when that failed. */
    private static final class Kontalk implements Rule {
        private static final long MAX = 1_800 * SECOND;
        private long intervalNs = MAX;
        private double waitNs = 1_800e9;
        private long changedNs;
        private boolean justRaised;

        @Override
        public long intervalNs() {
            return intervalNs;
        }

        @Override
        public void onAnswered(long nowNs) {
            justRaised = false;
            if (intervalNs < MAX && nowNs - changedNs >= waitNs) {
                intervalNs = Math.min(MAX, intervalNs + intervalNs / 2);
                changedNs = nowNs;
                justRaised = true;
            }
        }

        @Override
        public void onFailure(long nowNs) {
            intervalNs = Math.max(90 * SECOND, intervalNs / 2);
            waitNs *= justRaised ? 1.5 : 1;
            justRaised = false;
            changedNs = nowNs;
        }
    }

    /** A second port on the side, asked to speak after a silence that doubles and halves for ever. */
    private static final class IGlance implements Rule {
        private long sideNs = 16 * SECOND;
        private long answeredNs = 16 * SECOND;
        private long sideDueNs = sideNs;
        private long messages = 1;

        @Override
        public long intervalNs() {
            return answeredNs;
        }

        @Override
        public void advance(Path path, long nowNs) {
            while (nowNs - sideDueNs >= 0) {
                boolean heard = sideNs <= path.timeoutNs(sideDueNs) && !path.isOut(sideDueNs) && !path.isLost();
                if (heard) {
                    answeredNs = sideNs;
                    sideNs *= 2;
                } else {
                    sideNs = Math.max(SECOND, sideNs / 2);
                }
                messages++;
                sideDueNs += sideNs;
            }
        }

        @Override
        public long sideMessages() {
            return messages;
        }
    }
}
