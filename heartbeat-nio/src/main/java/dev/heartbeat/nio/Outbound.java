package dev.heartbeat.nio;

import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * What leaves through one channel: the application's messages, and heartbeats between them.
 *
 * <p>A heartbeat that is due within a message waits for its end. One that has begun to leave is finished before anything
 * else. Of answers that could not leave, only so many are owed: the latest if they bear ids, a count of them if not.
 */
final class Outbound {
    /** Answers owed at most; a peer that asks for more without reading them is no good. */
    static final int MOST_OWED = 64;

    private static final int NONE = ProbeRing.NONE;
    private static final int BATCH = 16;

    private final WritableByteChannel channel;
    private final Protocol protocol;
    private final MessageBoundary boundary;
    private final ProbeRing unanswered = new ProbeRing();
    private boolean unfinished;

    private @Nullable ByteBuffer rest; // of heartbeats that have left in part
    private int restProbe = NONE;
    private int probe = NONE;
    private long probeIntervalMs;
    private int owed;
    private @Nullable ByteBuffer answer; // the one that is owed, if answers bear ids

    Outbound(WritableByteChannel channel, Protocol protocol) {
        this.channel = channel;
        this.protocol = protocol;
        boundary = new MessageBoundary(protocol.messages);
    }

    /** What is told when bytes have really left. */
    interface Witness {
        void left();

        void probeLeft(int probeId);
    }

    // ---- what is asked for

    /** Queues a probe; replaces one that has not begun to leave. */
    void probe(int probeId, long intervalMs) {
        probe = probeId;
        probeIntervalMs = intervalMs;
    }

    /**
     * Owes the peer an answer.
     *
     * @return false if too many are owed already
     */
    boolean owe(HeartbeatFrame request) {
        if (!protocol.answers) {
            return true;
        }
        if (protocol.correlation == Correlation.BY_ID) {
            ByteBuffer latest = answer;
            if (latest == null) {
                latest = ByteBuffer.allocate(protocol.codec.maxFrameBytes());
                answer = latest;
            }
            latest.clear();
            protocol.codec.encode(latest, request.answer());
            latest.flip();
            owed = 1;
        } else if (owed < MOST_OWED) {
            owed++;
        } else {
            return false;
        }
        return true;
    }

    /** Says what was promised before: an answer that is encoded already. */
    void say(ByteBuffer promised) {
        answer = promised;
        owed = 1;
    }

    int answered() {
        return unanswered.answered();
    }

    // ---- what leaves

    /** Whether heartbeats wait that could leave now if the channel took them. */
    boolean wantsToWrite() {
        return hasRest() || (isBetweenMessages() && (owed > 0 || probe != NONE));
    }

    private boolean isBetweenMessages() {
        return !unfinished && boundary.isReached();
    }

    private boolean hasRest() {
        ByteBuffer begun = rest;
        return begun != null && begun.hasRemaining();
    }

    /** Writes bytes of the application, as many as the channel takes. */
    int write(ByteBuffer src, ByteBuffer scratch, HeartbeatFrame frame, Witness witness) throws IOException {
        flush(scratch, frame, witness);
        if (hasRest()) {
            return 0;
        }
        int from = src.position();
        int written = channel.write(src);
        if (written > 0) {
            witness.left();
            boundary.passed(src, from, from + written);
            unfinished = src.hasRemaining();
            if (!unfinished) {
                flush(scratch, frame, witness);
            }
        }
        return written;
    }

    /** Writes the heartbeats that wait, unless a message is unfinished or the channel takes no more. */
    void flush(ByteBuffer scratch, HeartbeatFrame frame, Witness witness) throws IOException {
        if (!finishRest(witness) || !isBetweenMessages()) {
            return;
        }
        HeartbeatCodec codec = protocol.codec;
        while (owed > 0) {
            scratch.clear();
            int batch = answers(codec, scratch, frame);
            scratch.flip();
            if (!begin(scratch, NONE, witness)) {
                if (!hasRest()) {
                    return; // nothing of it has left: still owed
                }
                owed -= batch;
                return;
            }
            owed -= batch;
        }
        if (probe != NONE) {
            frame.reset(protocol.probe);
            if (protocol.correlation == Correlation.BY_ID) {
                frame.id(probe);
            }
            if (protocol.announces && probeIntervalMs > 0) {
                frame.intervalMs(probeIntervalMs);
            }
            scratch.clear();
            codec.encode(scratch, frame);
            scratch.flip();
            int probeId = probe;
            if (begin(scratch, probeId, witness) || hasRest()) {
                probe = probe == probeId ? NONE : probe;
            }
        }
    }

    private int answers(HeartbeatCodec codec, ByteBuffer scratch, HeartbeatFrame frame) {
        ByteBuffer latest = answer;
        if (latest != null) {
            scratch.put(latest);
            latest.rewind();
            return 1;
        }
        int batch = 0;
        while (batch < Math.min(owed, BATCH) && scratch.remaining() >= codec.maxFrameBytes()) {
            codec.encode(scratch, frame.reset(FrameKind.PONG));
            batch++;
        }
        return batch;
    }

    /** Writes heartbeats; what stays behind of them, if some bytes have left, is kept to be finished first. */
    private boolean begin(ByteBuffer bytes, int probeId, Witness witness) throws IOException {
        int written = channel.write(bytes);
        if (written == 0) {
            return false;
        }
        if (bytes.hasRemaining()) {
            rest = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            restProbe = probeId;
            witness.left();
            return false;
        }
        tell(probeId, witness);
        return true;
    }

    private boolean finishRest(Witness witness) throws IOException {
        ByteBuffer begun = rest;
        if (begun == null) {
            return true;
        }
        int written = channel.write(begun);
        if (begun.hasRemaining()) {
            if (written > 0) {
                witness.left();
            }
            return false;
        }
        rest = null;
        tell(restProbe, witness);
        return true;
    }

    private void tell(int probeId, Witness witness) {
        if (probeId == NONE) {
            witness.left();
            return;
        }
        if (protocol.correlation == Correlation.IN_ORDER) {
            unanswered.left(probeId);
        }
        witness.probeLeft(probeId);
    }
}
