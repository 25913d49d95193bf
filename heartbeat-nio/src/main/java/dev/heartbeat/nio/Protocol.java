package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.MessageLength;
import org.jspecify.annotations.Nullable;

/** How heartbeats look and where they may stand: what connections of one kind have in common. */
final class Protocol {
    /** How many bytes may come before it can be told how long a message is. */
    static final int LONGEST_HEAD = 1024;

    final HeartbeatCodec codec;
    final MessageLength messages;
    final Correlation correlation;
    final FrameKind probe;
    final boolean answers;
    final boolean announces;

    private Protocol(HeartbeatCodec codec, MessageLength messages) {
        this.codec = codec;
        this.messages = messages;
        correlation = requireNonNull(codec.correlation(), "correlation");
        probe = codec.supports(FrameKind.PING) ? FrameKind.PING : FrameKind.BEAT;
        answers = codec.supports(FrameKind.PONG);
        announces = codec.announcesInterval();
        Require.inRange("maxFrameBytes", codec.maxFrameBytes(), 1, LONGEST_HEAD);
    }

    /** What stands between heartbeats, if nobody says: text for the binary frame, which is made for it; else lines. */
    static Protocol of(HeartbeatCodec codec, @Nullable MessageLength messages) {
        if (messages != null) {
            return new Protocol(codec, messages);
        }
        boolean binary = codec == HeartbeatCodecs.binary();
        return new Protocol(codec, binary ? MessageLength.utf8() : MessageLength.endingWith((byte) '\n'));
    }
}
