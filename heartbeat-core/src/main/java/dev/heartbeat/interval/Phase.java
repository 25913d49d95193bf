package dev.heartbeat.interval;

/**
 * Whether a person is waiting for this connection right now.
 *
 * <p><b>Threading:</b> immutable.
 */
public enum Phase {
    /** Someone is looking: find trouble fast. */
    FOREGROUND,

    /** Nobody is looking: keep the connection on as few heartbeats as possible. */
    BACKGROUND
}
