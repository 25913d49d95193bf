package dev.heartbeat.netty;

import dev.heartbeat.Refusal;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Tells heartbeats among a channel's messages, and answers those that ask. */
final class HeartbeatReader {
    private static final long SHORTEST_ECHO_NS = 1_000_000;

    private final ChannelHeartbeat heartbeat;
    private final HeartbeatProtocol<Object> protocol;
    private final Class<?> type;
    private final ByteBufAllocator allocator;

    @SuppressWarnings("unchecked") // a message is passed only after its type was looked at
    HeartbeatReader(ChannelHeartbeat heartbeat, HeartbeatProtocol<?> protocol, ByteBufAllocator allocator) {
        this.heartbeat = heartbeat;
        this.protocol = (HeartbeatProtocol<Object>) protocol;
        this.type = protocol.messageType();
        this.allocator = allocator;
    }

    /** Only looks; answers nothing, releases nothing. */
    void look(Object message) {
        LoopHeartbeats loop = heartbeat.loop();
        if (loop == null || !type.isInstance(message)) {
            return;
        }
        HeartbeatFrame frame = loop.frame();
        DecodeResult result = read(message, frame);
        if (result == DecodeResult.HEARTBEAT) {
            heartbeat.heard(frame.kind(), idOf(frame), frame.intervalNs());
        } else if (result != DecodeResult.NOT_HEARTBEAT) {
            heartbeat.malformed();
        }
    }

    /** What the protocol fails at is a bad heartbeat; the failure is told in the pipeline that the message came by. */
    private DecodeResult read(Object message, HeartbeatFrame frame) {
        try {
            return protocol.read(message, frame);
        } catch (RuntimeException e) {
            heartbeat.fireError(e);
            return DecodeResult.MALFORMED;
        }
    }

    /**
     * Takes a message if it is a heartbeat, good or bad.
     *
     * @return whether it was taken, and released
     */
    boolean take(Object message) {
        LoopHeartbeats loop = heartbeat.loop();
        if (loop == null || !type.isInstance(message)) {
            return false;
        }
        HeartbeatFrame frame = loop.frame();
        boolean isOurs = true;
        try {
            DecodeResult result = read(message, frame);
            if (result == DecodeResult.HEARTBEAT) {
                taken(message, frame);
            } else if (result == DecodeResult.NOT_HEARTBEAT) {
                isOurs = false;
            } else {
                heartbeat.malformed();
            }
        } finally {
            if (isOurs) {
                ReferenceCountUtil.release(message);
            }
        }
        return isOurs;
    }

    /** A heartbeat was read. The frame is a scratch pad: all that is in it is used before anybody is told. */
    void taken(Object message, HeartbeatFrame frame) {
        FrameKind kind = frame.kind();
        long id = idOf(frame);
        long delayNs = kind == FrameKind.ECHO_AFTER ? promised(frame) : 0;
        long intervalNs = frame.intervalNs();
        Object answer = kind.isAnswered() ? answerTo(message, frame) : null;
        if (answer == null && delayNs > 0) {
            heartbeat.echo().forget();
        }
        heartbeat.heard(kind, id, kind == FrameKind.PONG ? 0 : intervalNs);
        if (answer == null) {
            return;
        }
        if (delayNs > 0) {
            heartbeat.echo().promise(answer, delayNs);
        } else {
            heartbeat.answers().send(answer);
        }
        if (kind == FrameKind.ECHO_AFTER && delayNs == 0) {
            heartbeat.refused(Refusal.ECHO_OVER_LIMIT);
        }
    }

    /**
     * What of an echo that is asked for can be given: its delay, as long as the peer may announce to be silent; or 0, and the
     * frame says so too.
     */
    private long promised(HeartbeatFrame request) {
        long delayNs = Math.max(SHORTEST_ECHO_NS, request.delayNs());
        LoopHeartbeats loop = heartbeat.loop();
        boolean inLimits = delayNs <= heartbeat.policy().longestAnnounced().toNanos();
        if (loop == null || !inLimits || !heartbeat.echo().mayPromise(loop.echoRoom())) {
            request.delayMs(0);
            return 0;
        }
        request.delayMs(Math.max(1, request.delayMs()));
        return delayNs;
    }

    /** The answer; null if the protocol fails to make it, which is told like any failure in the pipeline. */
    private @Nullable Object answerTo(Object message, HeartbeatFrame frame) {
        try {
            if (protocol instanceof ProtocolBuilder.FunctionalProtocol<Object> functions) {
                return functions.answer(message);
            }
            return protocol.write(frame.answer(), allocator);
        } catch (RuntimeException e) {
            heartbeat.fireError(e);
            return null;
        }
    }

    private static long idOf(HeartbeatFrame frame) {
        return frame.hasId() ? frame.id() : -1;
    }
}
