package dev.heartbeat.nio;

import java.io.IOException;

/** The sacrificial connection of one probe, or of the control that follows it. */
interface ProbeLine {
    /** What was heard on it. */
    interface Ear {
        /** The server has what was asked of it: silence begins. */
        void onReceipt();

        /** The server will not speak. */
        void onRefused();

        /** The server has spoken, after so long as it says. */
        void onEcho(long delayNs);

        /** The server still sees us where it saw us before the silence, or does not. */
        void onConfirmed(boolean samePlace);

        /** Something else broke the silence. */
        void onNoise();

        /** The connection has ended, in order or not. */
        void onEnd(boolean inOrder);
    }

    /**
     * Opens the connection and asks the server to answer at once and, unless that is 0, once more after a time. The ear
     * may be told from within.
     */
    void open(long delayMs, Ear ear) throws IOException;

    /** Asks once more; false if all was done that can be. */
    boolean askAgain();

    /** Asks where the server sees us now; false if there is nothing to ask. */
    boolean confirm();

    /** Closes it; by force if what was sent last would be sent again and again. */
    void close(boolean byForce);
}
