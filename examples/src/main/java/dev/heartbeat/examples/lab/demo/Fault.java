package dev.heartbeat.examples.lab.demo;

/**
 * Something that went wrong with one connection.
 *
 * @param role what it was: {@link Role#VANISHING}, {@link Role#FREEZING}, {@link Role#CUT_OFF} or {@link Role#SLEEPY}
 * @param client whose connection
 * @param epoch which of its connections
 * @param atNs when it began
 * @param untilNs when it ended, if it was a freeze; else the same as {@code atNs}
 */
record Fault(Role role, int client, long epoch, long atNs, long untilNs) {
    /** Whether the client lives on and has to notice itself. */
    boolean isNoticedByClient() {
        return role != Role.VANISHING;
    }
}
