package dev.heartbeat.examples.lab.demo;

/** What becomes of a client in the course of the demo. */
enum Role {
    /** Nothing: its own heartbeats are all that its link carries. */
    QUIET("quiet", 0),

    /** Nothing either, but its application speaks so often that no heartbeat is needed. */
    CHATTY("chatty", 0.1),

    /** Its link becomes slow for a good while. */
    SLOW("slow link", 0.1),

    /** Its link stops for a moment and then delivers all that waited. */
    HELD("held link", 0.05),

    /** Its first interval is longer than the NAT remembers. */
    SLEEPY("mapping expired", 0.06),

    /** It disappears without a FIN, as a phone does whose battery is pulled. */
    VANISHING("vanished", 0.08),

    /** Its application hangs for a while, and its kernel does not. */
    FREEZING("frozen", 0.04),

    /** Its path becomes a black hole while it lives on. */
    CUT_OFF("cut off", 0.15);

    private final String title;
    private final double share;

    Role(String title, double share) {
        this.title = title;
        this.share = share;
    }

    String title() {
        return title;
    }

    /** Which part of the clients plays it; {@link #QUIET} has the rest. */
    double share() {
        return share;
    }
}
