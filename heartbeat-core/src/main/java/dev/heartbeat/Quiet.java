package dev.heartbeat;

/**
 * Which silence makes a probe necessary.
 *
 * <p>Own writes are no proof of life. Where outbound traffic can hold back a probe, a connection that writes without
 * ever hearing its peer is therefore probed all the same, once nothing has arrived for twice the interval.
 *
 * <p><b>Threading:</b> immutable.
 */
public enum Quiet {
    /** Probe at every interval, whatever the traffic. */
    ALWAYS,

    /** Probe when nothing has left for an interval: keeps a NAT's mapping, which outbound traffic refreshes. */
    OUTBOUND,

    /** Probe when nothing has arrived for an interval: only asks after the peer. Does not keep a NAT's mapping. */
    INBOUND,

    /** Probe when nothing has crossed in either direction for an interval. The fewest probes. */
    BOTH,

    /** Never probe: listen only, as most servers do. */
    NEVER
}
