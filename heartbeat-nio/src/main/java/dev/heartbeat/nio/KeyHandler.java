package dev.heartbeat.nio;

/** The attachment of a key that we serve ourselves, so that the host's loop never sees it. */
interface KeyHandler {
    /** The channel is ready for what the key says. */
    void ready();
}
