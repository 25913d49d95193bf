package dev.heartbeat.interval.nat;

/**
 * What became of one side probe. Success is proof; every failure is only evidence, and of different things.
 *
 * <p><b>Threading:</b> immutable.
 */
public enum ProbeOutcome {
    /** The server spoke first after the silence and was heard: the path remembers that long. */
    PROVEN,

    /**
     * The server was not heard although it spoke several times, and a fresh control connection to it works. Over UDP
     * this also says that the server sees the client behind another public port than before the silence: whoever
     * pushed to the old one was not heard.
     */
    LOST,

    /** Neither the probe nor a fresh control connection got through: says nothing about the path's memory. */
    UNREACHABLE,

    /** The connection was reset during the silence, or when it was broken. Counts once it happens again alike. */
    RESET,

    /** The connection was closed in order during the silence. Counts once it happens again alike. */
    CLOSED,

    /** We did not run for a while ourselves and cannot tell what happened when. */
    STALLED,

    /** The device moved to another network meanwhile. */
    NETWORK_CHANGED,

    /** The server would not promise to speak: its limit of pending echoes is reached, or it cannot. */
    REFUSED
}
