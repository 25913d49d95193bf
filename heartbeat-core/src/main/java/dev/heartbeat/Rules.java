package dev.heartbeat;

import static dev.heartbeat.internal.Checks.require;
import static java.util.Objects.requireNonNull;

import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.detect.Peer;
import dev.heartbeat.internal.Checks;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;

/** A policy as the monitor uses it: read once, checked, in nanoseconds. */
final class Rules {
    /** Bounds the columns, not the imagination: see {@link Connections}. */
    static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    static final Duration LONGEST_ACK_TIMEOUT = Duration.ofMinutes(30);

    /** Stands in where a strategy cannot tell its shortest interval, or answers nonsense. */
    private static final long SOME_INTERVAL_NS = 1_000_000_000L;

    private static final double MOST_JITTER = 0.5;
    private static final int MOST_STATE_LONGS = 1 << 16;

    final HeartbeatPolicy policy;
    final IntervalStrategy interval;
    final boolean intervalIsFixed;
    final long fixedIntervalNs;
    final Quiet quiet;
    final AckTimeout ackTimeout;
    final long urgentAckTimeoutNs;
    final FailureDetector detector;
    final double jitter;
    final long unwrittenDeadlineNs;
    final boolean reverseProbe;
    final long shortestAnnouncedNs;
    final long longestAnnouncedNs;
    final int detectorLongs;
    final int stateLongs;

    private Rules(HeartbeatPolicy policy) {
        this.policy = policy;
        interval = requireNonNull(policy.interval(), "interval");
        intervalIsFixed = interval.isFixed();
        fixedIntervalNs = intervalIsFixed ? interval.shortestNs() : 0;
        quiet = requireNonNull(policy.probeWhen(), "probeWhen");
        ackTimeout = requireNonNull(policy.ackTimeout(), "ackTimeout");
        urgentAckTimeoutNs = checkLength("urgentAckTimeout", policy.urgentAckTimeout(), LONGEST_ACK_TIMEOUT)
                .toNanos();
        detector = requireNonNull(policy.failureDetector(), "failureDetector");
        jitter = checkJitter(policy.jitter());
        unwrittenDeadlineNs = checkLength("unwrittenDeadline", policy.unwrittenDeadline(), LONGEST_ACK_TIMEOUT)
                .toNanos();
        reverseProbe = policy.reverseProbe();
        checkAnnounced(policy.shortestAnnounced(), policy.longestAnnounced());
        shortestAnnouncedNs = policy.shortestAnnounced().toNanos();
        longestAnnouncedNs = policy.longestAnnounced().toNanos();
        detectorLongs = Checks.inRange("failureDetector.stateLongs", detector.stateLongs(), 0, MOST_STATE_LONGS);
        stateLongs =
                detectorLongs + Checks.inRange("ackTimeout.stateLongs", ackTimeout.stateLongs(), 0, MOST_STATE_LONGS);
    }

    static Rules of(HeartbeatPolicy policy) {
        Rules rules = new Rules(requireNonNull(policy, "policy"));
        rules.checkTogether();
        return rules;
    }

    /** The shortest interval that the strategy knows of, or some interval if it knows of none. */
    long shortestIntervalNs() {
        long shortestNs = interval.shortestNs();
        return shortestNs > 0 ? shortestNs : SOME_INTERVAL_NS;
    }

    /** What the peer announced, held to the policy's limits. */
    long clampAnnouncedNs(long intervalNs) {
        return Math.max(shortestAnnouncedNs, Math.min(intervalNs, longestAnnouncedNs));
    }

    boolean probes() {
        return quiet != Quiet.NEVER;
    }

    private void checkTogether() {
        long shortestNs = interval.shortestNs();
        require(shortestNs >= 0, "interval", interval, "a shortest interval >= 0");
        require(!intervalIsFixed || shortestNs > 0, "interval", interval, "a fixed interval > 0");
        require(
                shortestNs <= LONGEST_INTERVAL.toNanos(),
                "interval",
                interval,
                "a shortest interval <= " + LONGEST_INTERVAL);
        long longestAckNs = ackTimeout.longestNs();
        require(
                longestAckNs > 0 && longestAckNs <= LONGEST_ACK_TIMEOUT.toNanos(),
                "ackTimeout",
                ackTimeout,
                "> 0 and <= " + LONGEST_ACK_TIMEOUT);
        if (probes()) {
            checkProbing(shortestNs, longestAckNs);
        } else {
            checkListening();
        }
    }

    private void checkProbing(long shortestNs, long longestAckNs) {
        require(
                longestAckNs <= shortestNs || shortestNs == 0,
                "ackTimeout",
                ackTimeout,
                "<= the shortest interval " + Duration.ofNanos(shortestNs)
                        + "; count more misses to wait longer before a peer is dead");
        require(!reverseProbe, "reverseProbe", true, "false, since probeWhen is " + quiet);
        long deadAfterNs = newcomerDeadAfterNs();
        require(
                !intervalIsFixed || deadAfterNs - shortestNs >= longestAckNs,
                "failureDetector",
                detector,
                "death after a silence >= interval + ackTimeout = " + Duration.ofNanos(shortestNs + longestAckNs));
    }

    private void checkListening() {
        require(
                newcomerDeadAfterNs() != FailureDetector.NEVER,
                "failureDetector",
                detector,
                "one that judges silence, since probeWhen is NEVER");
        require(jitter == 0, "jitter", jitter, "0, since probeWhen is NEVER");
    }

    private long newcomerDeadAfterNs() {
        Newcomer newcomer = new Newcomer(shortestIntervalNs(), detectorLongs);
        detector.onOpened(newcomer, 0);
        return detector.deadAfterNs(newcomer);
    }

    static Duration checkLength(String name, Duration value, Duration longest) {
        Checks.positiveNs(name, value);
        require(value.compareTo(longest) <= 0, name, value, "<= " + longest);
        return value;
    }

    static double checkJitter(double jitter) {
        return Checks.inRange("jitter", jitter, 0, MOST_JITTER);
    }

    static void checkAnnounced(Duration shortest, Duration longest) {
        checkLength("shortestAnnounced", shortest, LONGEST_INTERVAL);
        checkLength("longestAnnounced", longest, LONGEST_INTERVAL);
        require(longest.compareTo(shortest) >= 0, "longestAnnounced", longest, ">= shortestAnnounced " + shortest);
    }

    /** A peer of whom nothing is known yet, to ask a detector whether it judges silence at all. */
    private static final class Newcomer implements Peer {
        private final long expectedIntervalNs;
        private final long[] words;

        Newcomer(long expectedIntervalNs, int words) {
            this.expectedIntervalNs = expectedIntervalNs;
            this.words = new long[words];
        }

        @Override
        public long lastReceivedNs() {
            return 0;
        }

        @Override
        public long silenceNs(long nowNs) {
            return Math.max(0, nowNs);
        }

        @Override
        public long expectedIntervalNs() {
            return expectedIntervalNs;
        }

        @Override
        public int consecutiveMisses() {
            return 0;
        }

        @Override
        public long state(int index) {
            return words[index];
        }

        @Override
        public void state(int index, long value) {
            words[index] = value;
        }
    }
}
