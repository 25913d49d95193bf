package dev.heartbeat;

/**
 * What is known of a connection.
 *
 * <pre>
 *          evidence overdue            detector gives up
 *   ALIVE ─────────────────▶ SUSPECT ────────────────────▶ DEAD
 *     ▲                         │
 *     └─────────────────────────┘           any open state ──▶ CLOSED
 *            any evidence                     we closed it
 * </pre>
 *
 * <p><b>Threading:</b> immutable.
 */
public enum Liveness {
    /** Heard in time. */
    ALIVE,

    /** Evidence is overdue; any evidence makes it alive again. */
    SUSPECT,

    /** Declared dead. Final, and told once. A handle says so only until its listener has been told. */
    DEAD,

    /** Closed by us, or dead and cleaned up: the handle belongs to nobody any more. */
    CLOSED
}
