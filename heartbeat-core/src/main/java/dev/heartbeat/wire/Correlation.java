package dev.heartbeat.wire;

/** How the answer to a probe is matched with its probe in one protocol. */
public enum Correlation {
    /** The answer carries the id of its probe, so that late, doubled and made-up answers are told from the right one. */
    BY_ID,

    /** The answer carries nothing; answers come in the order of the probes. */
    IN_ORDER,

    /** There are no answers: both sides send heartbeats of their own accord, and hearing one is the evidence. */
    NONE
}
