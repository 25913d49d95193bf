package dev.heartbeat.detect;

/**
 * What a {@link FailureDetector} thinks of a peer, from the mildest to the gravest.
 *
 * <p><b>Threading:</b> immutable.
 */
public enum Verdict {
    /** The evidence is good enough. */
    TRUST,

    /** Evidence is overdue; the peer may still recover. */
    SUSPECT,

    /** The peer is gone. Final. */
    DEAD
}
