package dev.heartbeat.examples.lab.proxy;

import java.util.OptionalLong;

/**
 * What the proxy knows of one link: the truth that verdicts are held against. Instants are of {@link System#nanoTime()},
 * taken just before the bytes were passed on.
 *
 * @param clientPort the client's own port: the link's name
 * @param serverSidePort the port that the server sees as its peer's
 * @param openedNs when the client was accepted
 * @param lastToServerNs when the server was last sent something; {@code openedNs} before that
 * @param lastToClientNs when the client was last sent something; {@code openedNs} before that
 * @param longestQuietNs the longest time for which the client sent nothing, while nothing was wrong with the link
 * @param cut how the link became a black hole; {@link Cut#NONE} if it did not
 * @param cutNs since when it is one; empty if it is none
 * @param open whether either side is still there
 */
public record LinkRecord(
        int clientPort,
        int serverSidePort,
        long openedNs,
        long lastToServerNs,
        long lastToClientNs,
        long longestQuietNs,
        Cut cut,
        OptionalLong cutNs,
        boolean open) {

    /** How a link became a black hole. */
    public enum Cut {
        /** It did not. */
        NONE,

        /** It was silent for longer than the NAT remembers. */
        FORGOTTEN,

        /** Someone asked for it. */
        BLACK_HOLE
    }
}
