package dev.heartbeat.examples.lab.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;

/**
 * One direction of a link: what was read and waits to be written, each piece with the instant from which it may be.
 *
 * <p><b>Threading:</b> confined to the proxy's thread.
 */
final class Pipe {
    /** More than this and nothing more is read, so that a sender feels a receiver that does not read. */
    private static final int FULL_BYTES = 1 << 18;

    private record Piece(long dueNs, ByteBuffer bytes) {}

    private final ArrayDeque<Piece> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long lastWriteNs;
    private boolean ended;
    private long endDueNs;
    private boolean endPassedOn;

    Pipe(long nowNs) {
        lastWriteNs = nowNs;
    }

    void put(ByteBuffer bytes, long dueNs) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        waitingBytes += copy.remaining();
        waiting.add(new Piece(dueNs, copy));
    }

    /** The sender will send nothing more. */
    void end(long dueNs) {
        ended = true;
        endDueNs = dueNs;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isFull() {
        return waitingBytes >= FULL_BYTES;
    }

    boolean hasPassedOnEnd() {
        return endPassedOn;
    }

    long lastWriteNs() {
        return lastWriteNs;
    }

    /** Swallows what waits. */
    void clear() {
        waiting.clear();
        waitingBytes = 0;
    }

    /**
     * Nothing becomes due for so long; {@link Long#MAX_VALUE} if nothing will. What is due and was not taken waits for
     * the receiver, not for the time.
     */
    long untilDueNs(long nowNs) {
        Piece first = waiting.peek();
        long untilNs = Long.MAX_VALUE;
        if (first != null) {
            untilNs = first.dueNs - nowNs;
        } else if (ended && !endPassedOn) {
            untilNs = endDueNs - nowNs;
        }
        return untilNs > 0 ? untilNs : Long.MAX_VALUE;
    }

    /**
     * Writes what is due.
     *
     * @return whether the receiver took all of that; if not, it has to be asked again
     */
    boolean writeTo(SocketChannel receiver, long nowNs) throws IOException {
        for (Piece first = waiting.peek(); first != null && first.dueNs - nowNs <= 0; first = waiting.peek()) {
            long beforeNs = System.nanoTime();
            int written = receiver.write(first.bytes);
            if (written > 0) {
                lastWriteNs = beforeNs;
                waitingBytes -= written;
            }
            if (first.bytes.hasRemaining()) {
                return false;
            }
            waiting.remove();
        }
        if (waiting.isEmpty() && ended && !endPassedOn && endDueNs - nowNs <= 0) {
            endPassedOn = true;
            receiver.shutdownOutput();
        }
        return true;
    }
}
