package dev.heartbeat.testkit;

/** What crosses an {@link InMemoryLink}. */
record LinkMessage(Kind kind, int probeId, long intervalNs) {
    enum Kind {
        PING,
        ACK,
        DATA
    }

    static LinkMessage ping(int probeId, long intervalNs) {
        return new LinkMessage(Kind.PING, probeId, intervalNs);
    }

    static LinkMessage ack(int probeId) {
        return new LinkMessage(Kind.ACK, probeId, 0);
    }

    static LinkMessage data() {
        return new LinkMessage(Kind.DATA, 0, 0);
    }
}
