package dev.heartbeat.netty;

import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of one protocol in a pipeline's own messages: tells it from the application's data, reads it and makes
 * it. It is to messages what {@link HeartbeatCodec} is to bytes.
 *
 * <p>Most are said in a few lines, with {@link #of}:
 * <pre>{@code
 * HeartbeatProtocol<ChatMessage> protocol = HeartbeatProtocol.of(ChatMessage.class)
 *         .ping(id -> new Ping(id)).isPing(m -> m instanceof Ping)
 *         .pong(ping -> new Pong(((Ping) ping).id())).isPong(m -> m instanceof Pong)
 *         .pongId(m -> ((Pong) m).id())                       // leave out if a pong carries nothing
 *         .build();
 * }</pre>
 *
 * <p><b>Threading:</b> immutable, shared by all channels.
 *
 * @param <M> the type of message as it arrives at {@link HeartbeatHandler}
 */
public interface HeartbeatProtocol<M> {
    /**
     * What a heartbeat of this protocol is an instance of. Other messages are passed on unseen.
     *
     * @return the type
     */
    Class<M> messageType();

    /**
     * Looks whether a message is a heartbeat. Neither releases it nor moves its indices.
     *
     * @param message any message of the type
     * @param out what was found; means something only after {@link DecodeResult#HEARTBEAT}. What an answer has to repeat
     *     goes into its id or payload
     * @return {@link DecodeResult#HEARTBEAT}, {@link DecodeResult#NOT_HEARTBEAT}, or what is wrong with it
     */
    DecodeResult read(M message, HeartbeatFrame out);

    /**
     * Makes the message of a heartbeat.
     *
     * @param frame a {@link FrameKind#PING} of ours, or a {@link FrameKind#PONG} with the fields of the ping that it
     *     answers; valid during the call
     * @param allocator the channel's
     * @return a message to write, the caller's to release
     */
    M write(HeartbeatFrame frame, ByteBufAllocator allocator);

    /**
     * How answers are matched with probes.
     *
     * @return {@link Correlation#IN_ORDER} if not overridden; {@link Correlation#BY_ID} if pings and pongs carry an id
     */
    default Correlation correlation() {
        return Correlation.IN_ORDER;
    }

    /**
     * Whether a ping can carry the interval of its sender.
     *
     * @return false if not overridden
     */
    default boolean announcesInterval() {
        return false;
    }

    /**
     * Whether the channel speaks this protocol already. It is watched from then on; asked when the channel becomes
     * active, at user events, and whenever something is read or flushed until the answer is yes.
     *
     * @param pipeline the channel's
     * @return true if not overridden
     */
    default boolean isSpoken(ChannelPipeline pipeline) {
        return true;
    }

    /**
     * A handler of someone else's, before ours, that answers pings and lets no pongs through. Heartbeats are then only
     * looked at as they come to that handler, and left to it.
     *
     * @param pipeline the channel's
     * @return its context; null, if not overridden, for none
     */
    default @Nullable ChannelHandlerContext answeredBy(ChannelPipeline pipeline) {
        return null;
    }

    /**
     * A protocol in the application's own messages.
     *
     * @param type what its heartbeats are instances of
     * @param <M> that type
     * @return a builder
     */
    static <M> ProtocolBuilder<M> of(Class<M> type) {
        return new ProtocolBuilder<>(type);
    }

    /**
     * Two messages that are always the same and tell by {@link Object#equals} what they are, such as the strings
     * {@code "PING"} and {@code "PONG"}.
     *
     * @param ping asks; not of a type that is reference-counted
     * @param pong answers; likewise
     * @param type what both are instances of
     * @param <M> that type
     * @return the protocol
     * @throws IllegalArgumentException if both are the same
     */
    static <M> HeartbeatProtocol<M> constant(Class<M> type, M ping, M pong) {
        if (ping.equals(pong)) {
            throw new IllegalArgumentException("pong: " + pong + " (expected: another than ping)");
        }
        return of(type).ping(id -> ping)
                .isPing(ping::equals)
                .pong(asked -> pong)
                .isPong(pong::equals)
                .build();
    }

    /**
     * The frames of a codec, where each message is a {@link ByteBuf} with one whole message: behind a
     * {@code LengthFieldBasedFrameDecoder} for instance.
     *
     * @param codec has ping and pong
     * @return the protocol
     * @throws IllegalArgumentException if the codec has no ping or no pong
     */
    static HeartbeatProtocol<ByteBuf> frames(HeartbeatCodec codec) {
        return new CodecProtocol(codec);
    }
}
