package dev.heartbeat.detect;

import dev.heartbeat.internal.Checks;

/**
 * What every detector does that learns from the moments at which heartbeats arrive: it drops stale ones, measures
 * the time since the one before, and publishes two lengths of silence, one for each threshold.
 *
 * <p>The first two words are the same for all: when the last fresh heartbeat arrived; and its sequence number, two
 * flags, and 32 bits for the subclass. A length is published, never an instant, so a clock that jumps moves no
 * deadline.
 */
abstract class ArrivalDetector implements FailureDetector {
    /** How many words this class uses; those of the subclass follow. */
    static final int HEADER_WORDS = 2;

    private static final int LAST_ARRIVAL = 0;
    private static final int HEAD = 1;
    private static final long STARTED = 1;
    private static final long NUMBERED = 2;
    private static final int FLAG_BITS = 2;
    private static final long SEQUENCE_MASK = 0xFFFF_FFFCL;

    /** A greater gap is a peer that began to count anew, or a forgery: what was learnt about the schedule is void. */
    private static final int LONGEST_GAP = 1 << 20;

    /** No interval is longer to us: 78 hours, and sums of a whole window stay exact. */
    private static final long LONGEST_INTERVAL_NS = 1L << 48;

    final double suspectAt;
    final double deadAt;

    ArrivalDetector(double suspectAt, double deadAt) {
        this.suspectAt = suspectAt;
        this.deadAt = deadAt;
    }

    /**
     * The first heartbeat of a connection, or of a peer that began to count anew: forget, then start.
     *
     * @return the spare bits
     */
    abstract int start(Peer peer);

    /**
     * Learns from one fresh heartbeat.
     *
     * @param intervalNs since the one before; negative if the clock went back
     * @param sequenceStep how many sequence numbers further, at least 1
     * @param spareBits what was returned the last time
     * @return the spare bits
     */
    abstract int learn(Peer peer, long intervalNs, int sequenceStep, int spareBits);

    /** The silence after the last fresh heartbeat at which {@code threshold} is reached; may be 0 or less. */
    abstract double silenceNs(Peer peer, double threshold);

    @Override
    public final void onHeartbeat(Peer peer, long nowNs) {
        long head = peer.state(HEAD);
        if ((head & NUMBERED) == 0) { // otherwise only numbered ones keep the peer's schedule: these are acks
            beat(peer, head, 1, nowNs);
        }
    }

    @Override
    public final void onHeartbeat(Peer peer, long sequence, long nowNs) {
        long head = peer.state(HEAD);
        int bits = (int) sequence << FLAG_BITS;
        int step = (head & NUMBERED) == 0 ? 1 : (bits - (int) (head & SEQUENCE_MASK)) >> FLAG_BITS;
        if (step > LONGEST_GAP || step < -LONGEST_GAP) {
            head &= ~STARTED;
        } else if (step <= 0) {
            return; // overtaken by a later one, or sent twice
        }
        beat(peer, (head & ~SEQUENCE_MASK) | (bits & SEQUENCE_MASK) | NUMBERED, step, nowNs);
    }

    private void beat(Peer peer, long head, int step, long nowNs) {
        long intervalNs = nowNs - peer.state(LAST_ARRIVAL);
        peer.state(LAST_ARRIVAL, nowNs);
        int spareBits;
        if ((head & STARTED) == 0) {
            spareBits = start(peer);
        } else {
            long boundedNs = Math.max(-LONGEST_INTERVAL_NS, Math.min(LONGEST_INTERVAL_NS, intervalNs));
            spareBits = learn(peer, boundedNs, step, (int) (head >>> 32));
        }
        peer.state(HEAD, ((long) spareBits << 32) | (head & 0xFFFF_FFFFL) | STARTED);
    }

    static boolean started(Peer peer) {
        return (peer.state(HEAD) & STARTED) != 0;
    }

    /** Whether the heartbeats before this one bore numbers, so that a lost one is told from a late one. */
    static boolean isNumbered(Peer peer) {
        return (peer.state(HEAD) & NUMBERED) != 0;
    }

    static int spareBits(Peer peer) {
        return (int) (peer.state(HEAD) >>> 32);
    }

    @Override
    public final long suspectAfterNs(Peer peer) {
        return after(peer, suspectAt);
    }

    @Override
    public final long deadAfterNs(Peer peer) {
        // A schedule may say "overdue" in the moment in which a late heartbeat arrives. That is suspect, but not dead.
        return Math.max(rounded(leastDeadlyIntervals() * peer.expectedIntervalNs()), after(peer, deadAt));
    }

    /** No peer is dead before it was silent for so many expected intervals. */
    double leastDeadlyIntervals() {
        return 1;
    }

    private long after(Peer peer, double threshold) {
        // Nobody knows when in its interval the peer was when the connection opened.
        double graceNs = started(peer) ? 0 : peer.expectedIntervalNs();
        return rounded(silenceNs(peer, threshold) + graceNs);
    }

    private static long rounded(double ns) {
        return Math.max(-Checks.MAX_NS, Math.min(Checks.MAX_NS, Math.round(ns)));
    }

    @Override
    public final double suspicion(Peer peer, long nowNs) {
        long silenceNs = peer.silenceNs(nowNs);
        long deadAfterNs = deadAfterNs(peer);
        double level = level(peer, silenceNs, deadAfterNs);
        // The threshold is where the deadline is, whatever the last digit of a logarithm says.
        return silenceNs >= deadAfterNs ? Math.max(1.0, level) : Math.min(Math.nextDown(1.0), level);
    }

    /** The degree of belief by {@code silenceNs}: from 0, rising with silence, 1 at {@code deadAfterNs}. */
    double level(Peer peer, long silenceNs, long deadAfterNs) {
        return (double) silenceNs / deadAfterNs;
    }

    @Override
    public final String explain(Peer peer, long nowNs) {
        return String.format(
                "%s: suspicion %.3f after %.3f s of silence (suspect after %.3f s, dead after %.3f s; %s)",
                this,
                suspicion(peer, nowNs),
                peer.silenceNs(nowNs) / 1e9,
                suspectAfterNs(peer) / 1e9,
                deadAfterNs(peer) / 1e9,
                started(peer) ? learnt(peer) : "no heartbeat yet");
    }

    /** What is known of the peer, in words with numbers. */
    abstract String learnt(Peer peer);
}
