package dev.heartbeat.nio;

import dev.heartbeat.wire.MessageLength;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Follows the application's outgoing bytes and knows whether the last one ended a message. */
final class MessageBoundary {
    private final MessageLength messages;
    private long left;
    private boolean goesOn;
    private @Nullable ByteBuffer head; // left us already, but does not yet tell how long its message is

    MessageBoundary(MessageLength messages) {
        this.messages = messages;
    }

    boolean isReached() {
        ByteBuffer started = head;
        return left == 0 && !goesOn && (started == null || started.position() == 0);
    }

    /** The bytes from one index to before another have left. The buffer is as it was, afterwards. */
    void passed(ByteBuffer bytes, int from, int to) {
        int position = bytes.position();
        int limit = bytes.limit();
        bytes.limit(to).position(from);
        try {
            while (bytes.hasRemaining()) {
                pass(bytes);
            }
        } finally {
            bytes.limit(limit).position(position);
        }
    }

    private void pass(ByteBuffer bytes) {
        if (left > 0) {
            int skipped = (int) Math.min(left, bytes.remaining());
            bytes.position(bytes.position() + skipped);
            left -= skipped;
            return;
        }
        ByteBuffer started = head;
        if (started != null && started.position() > 0) {
            goOn(started, bytes.get());
            return;
        }
        long length = messages.of(bytes);
        if (length == MessageLength.UNKNOWN) {
            if (started == null) {
                started = ByteBuffer.allocate(Protocol.LONGEST_HEAD);
                head = started;
            }
            goOn(started, bytes.get());
        } else {
            goesOn = length < 0;
            left = Math.abs(length);
        }
    }

    private void goOn(ByteBuffer started, byte next) {
        if (!started.hasRemaining()) {
            throw new IllegalStateException(
                    "messages: UNKNOWN after " + started.position() + " bytes (expected: a length by then)");
        }
        started.put(next);
        int size = started.position();
        started.flip();
        long length = messages.of(started);
        started.limit(started.capacity()).position(size);
        if (length != MessageLength.UNKNOWN) {
            goesOn = length < 0;
            left = Math.max(0, Math.abs(length) - size);
            started.clear();
        }
    }
}
