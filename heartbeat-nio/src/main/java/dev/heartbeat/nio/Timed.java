package dev.heartbeat.nio;

/** Something that waits for a time of its own, beside the monitor. */
interface Timed {
    /** How long it still waits: 0 if due, {@link Long#MAX_VALUE} if it waits for nothing. */
    long delayNs(long nowNs);

    /** Its time has come. */
    void due(long nowNs);
}
