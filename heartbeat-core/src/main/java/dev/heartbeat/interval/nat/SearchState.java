package dev.heartbeat.interval.nat;

/**
 * How far the search for a path's idle timeout is.
 *
 * <p><b>Threading:</b> immutable.
 */
public enum SearchState {
    /** Something is still to be learned. */
    SEARCHING,

    /** The timeout is known within the tolerance. */
    SETTLED,

    /** What was proven has been put in doubt and is being tried again. */
    DOUBTING
}
