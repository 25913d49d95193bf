package dev.heartbeat;

/**
 * Something a peer sent that was counted and refused.
 *
 * <p><b>Threading:</b> immutable.
 */
public enum Refusal {
    /** An ack for a probe that was never sent, that was answered already, or that is too old to tell. */
    UNKNOWN_ACK,

    /** An announced interval outside the policy's limits; it was clamped to them. */
    INTERVAL_OUT_OF_LIMITS,

    /** Bytes that claim to be a heartbeat and are not a valid one. */
    MALFORMED_FRAME,

    /** A wish to be spoken to after a time ({@code ECHO_AFTER}), beyond the limits or not served here. */
    ECHO_OVER_LIMIT
}
