package dev.heartbeat.examples.lab.nat;

/** Another program's way to choose its interval, as far as it matters here. Confined to one run. */
interface Rule {
    /** The time from one heartbeat to the next. */
    long intervalNs();

    /** How long an answer is waited for; after that the connection is given up. */
    default long ackTimeoutNs() {
        return 8 * Scenario.SECOND;
    }

    default void onConnected() {}

    default void onAnswered(long nowNs) {}

    /** A heartbeat was not answered, and the connection is given up. */
    default void onFailure(long nowNs) {}

    /** The device is on another network, the number of which is told. */
    default void onNetwork(int network, long nowNs) {}

    /** Lets what runs beside the connection run up to now. */
    default void advance(Path path, long nowNs) {}

    /** Messages that were sent beside the connection so far. */
    default long sideMessages() {
        return 0;
    }
}
