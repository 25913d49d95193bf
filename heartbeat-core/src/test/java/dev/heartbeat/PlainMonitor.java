package dev.heartbeat;

import dev.heartbeat.detect.FailureDetectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a monitor should do, told in plain objects that are all looked at in each turn: no wheel, no columns, no handles
 * that are used again. Times are counted from the start.
 */
final class PlainMonitor {
    private static final long STAMP = Bench.STAMP;
    private static final long NEVER = Long.MAX_VALUE;

    /** A policy, as far as the model knows policies. */
    record Rule(
            Quiet quiet,
            long intervalNs,
            long ackNs,
            long urgentNs,
            long unwrittenNs,
            int misses,
            double suspectAt,
            double deadAt,
            boolean reverse) {

        HeartbeatPolicy policy() {
            return HeartbeatPolicy.builder()
                    .interval(Duration.ofNanos(intervalNs))
                    .probeWhen(quiet)
                    .ackTimeout(Duration.ofNanos(ackNs))
                    .urgentAckTimeout(Duration.ofNanos(urgentNs))
                    .unwrittenDeadline(Duration.ofNanos(unwrittenNs))
                    .reverseProbe(reverse)
                    .failureDetector(
                            misses > 0
                                    ? FailureDetectors.consecutiveMisses(misses)
                                    : FailureDetectors.silence(suspectAt, deadAt))
                    .build();
        }

        boolean probes() {
            return quiet != Quiet.NEVER;
        }
    }

    enum Flight {
        NONE,
        UNWRITTEN,
        AWAITING
    }

    /** One connection. */
    static final class Line {
        final List<String> told = new ArrayList<>();
        final Map<Integer, Boolean> expectLate = new HashMap<>(); // probe id, and whether it was a miss
        Rule rule;
        boolean writing = true;
        Liveness liveness = Liveness.ALIVE;
        Flight flight = Flight.NONE;
        boolean urgent;
        boolean lastWord;
        boolean background;
        int probeId;
        int misses;
        long announcedNs;
        long toldNs = NEVER; // the interval that the peer goes by until the next probe
        long receivedNs;
        long sentNs;
        long stampNs;
        int probes;
        int acks;
        int missed;
        int late;

        Line(Rule rule, long nowNs) {
            this.rule = rule;
            receivedNs = nowNs;
            sentNs = nowNs;
            stampNs = rounded(nowNs);
        }

        boolean isOpen() {
            return liveness == Liveness.ALIVE || liveness == Liveness.SUSPECT;
        }

        private static long rounded(long nowNs) {
            return (nowNs + STAMP - 1) / STAMP * STAMP;
        }

        // ---- what happens to it

        void heard(long nowNs) {
            receivedNs = nowNs;
            misses = 0;
            lastWord = false;
            if (liveness == Liveness.SUSPECT) {
                liveness = Liveness.ALIVE;
                told.add("recovered");
            }
        }

        void acked(int id, long nowNs) {
            if (id == probeId && flight != Flight.NONE) {
                boolean measured = flight == Flight.AWAITING;
                sentNs = measured ? sentNs : Math.max(sentNs, stampNs);
                flight = Flight.NONE;
                acks++;
                heard(nowNs);
                if (measured) {
                    told.add("ack " + Math.max(0, nowNs - stampNs));
                }
            } else if (expectLate.remove(id) != null) {
                late++;
                heard(nowNs);
                told.add("late " + id);
            } else {
                told.add("refused " + Refusal.UNKNOWN_ACK);
            }
        }

        void announced(long intervalNs) {
            long clampedNs = Math.max(Bench.SECOND, Math.min(intervalNs, 3600 * Bench.SECOND));
            announcedNs = clampedNs;
            if (clampedNs != intervalNs) {
                told.add("refused " + Refusal.INTERVAL_OUT_OF_LIMITS);
            }
        }

        private long inForceNs() {
            return Math.min(toldNs, rule.intervalNs());
        }

        /** A longer interval is announced at once or, if a probe is out, by the next. */
        void rule(Rule next, long nowNs) {
            toldNs = rule.probes() && next.probes() ? inForceNs() : NEVER;
            rule = next;
            if (toldNs < rule.intervalNs()) {
                probe(false, nowNs);
            }
        }

        void probe(boolean asUrgent, long nowNs) {
            if (flight != Flight.NONE) {
                if (!asUrgent || urgent) {
                    return;
                }
                expectLate.put(probeId, false);
            }
            probeId = (probeId + 1) & 0xFFFF;
            expectLate.remove(probeId - 16);
            flight = Flight.UNWRITTEN;
            urgent = asUrgent;
            stampNs = rounded(nowNs);
            toldNs = NEVER;
            probes++;
            told.add("probe " + probeId);
            if (writing) {
                written(nowNs);
            }
        }

        void written(long nowNs) {
            sentNs = nowNs;
            if (flight == Flight.UNWRITTEN) {
                flight = Flight.AWAITING;
                stampNs = rounded(nowNs);
            }
        }

        void die(DeathCause.Kind kind) {
            liveness = Liveness.CLOSED;
            told.add("close " + kind);
            told.add("dead " + kind);
        }

        // ---- a turn

        void turn(long nowNs) {
            judgeProbe(nowNs);
            if (isOpen()) {
                judgeSilence(nowNs);
            }
            if (isOpen() && flight == Flight.NONE && rule.probes() && probeDueNs() <= nowNs) {
                probe(false, nowNs);
            }
        }

        private long probeDueNs() {
            long quietSinceNs = switch (rule.quiet()) {
                case ALWAYS -> stampNs;
                case OUTBOUND -> sentNs;
                case INBOUND -> receivedNs;
                case BOTH, NEVER -> Math.max(sentNs, receivedNs);
            };
            return Math.min(quietSinceNs + inForceNs(), receivedNs + 2 * inForceNs());
        }

        private void judgeProbe(long nowNs) {
            if (flight == Flight.UNWRITTEN && Math.max(stampNs, sentNs) + rule.unwrittenNs() <= nowNs) {
                die(DeathCause.Kind.PROBE_UNWRITTEN);
            } else if (flight == Flight.AWAITING) {
                long waitNs = urgent ? Math.min(rule.urgentNs(), rule.ackNs()) : rule.ackNs();
                waitNs = rule.probes() ? Math.min(waitNs, inForceNs()) : waitNs;
                if (stampNs + waitNs <= nowNs) {
                    flight = Flight.NONE;
                    boolean missing = receivedNs < stampNs;
                    expectLate.put(probeId, missing);
                    urgent = false;
                    if (missing) {
                        miss(nowNs);
                    }
                }
            }
        }

        private void miss(long nowNs) {
            misses++;
            missed++;
            if (rule.misses() > 0 && misses >= rule.misses()) {
                told.add("miss " + misses);
                die(DeathCause.Kind.PEER_SILENT);
                return;
            }
            boolean newSuspect = rule.misses() > 0 && suspect();
            if (rule.probes()) {
                probe(false, nowNs);
            }
            told.add("miss " + misses);
            if (newSuspect) {
                told.add("suspect");
            }
        }

        private void judgeSilence(long nowNs) {
            long expectedNs = announcedNs > 0 ? announcedNs : rule.intervalNs();
            long suspectNs = rule.misses() > 0 ? NEVER : (long) (rule.suspectAt() * expectedNs);
            long deadNs = rule.misses() > 0 ? NEVER : (long) (rule.deadAt() * expectedNs);
            long silenceNs = nowNs - receivedNs;
            if (silenceNs < deadNs) {
                if (silenceNs >= suspectNs && suspect()) {
                    told.add("suspect");
                }
            } else if (rule.reverse() && flight != Flight.NONE) {
                if (suspect()) {
                    told.add("suspect");
                }
            } else if (!rule.reverse() || lastWord) {
                die(DeathCause.Kind.PEER_SILENT);
            } else {
                lastWord = true;
                boolean newSuspect = suspect();
                probe(false, nowNs);
                if (newSuspect) {
                    told.add("suspect");
                }
            }
        }

        private boolean suspect() {
            boolean before = liveness == Liveness.ALIVE;
            liveness = Liveness.SUSPECT;
            return before;
        }
    }
}
