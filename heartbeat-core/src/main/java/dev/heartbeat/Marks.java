package dev.heartbeat;

/**
 * What other threads mark of the connections, for a monitor whose hosts are not all on its own thread. Looked at when a
 * connection's timer comes due, so that a mark costs those threads a store and the monitor nothing.
 *
 * <p><b>Threading:</b> called by the monitor's thread.
 */
interface Marks {
    /** The last inbound mark, on the host's clock, or the present instant if that is earlier. */
    long receivedNs(int slot, long hostNs);

    /** The last outbound mark, on the host's clock, or the present instant if that is earlier. */
    long sentNs(int slot, long hostNs);

    /**
     * From now on the next inbound mark should be looked at soon, or need not be. In the first case the liveness has changed
     * already; in the second a suspect is about to recover.
     */
    void lookCloser(int slot, boolean closer);

    /** The connection is about to become nobody's. */
    void freed(int slot);
}
