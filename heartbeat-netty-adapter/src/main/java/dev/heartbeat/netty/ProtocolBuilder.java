package dev.heartbeat.netty;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link HeartbeatProtocol} from functions.
 *
 * <p><b>Threading:</b> confined to one thread; what it builds is immutable, if the functions are.
 *
 * @param <M> the type of message
 */
public final class ProtocolBuilder<M> {
    private final Class<M> type;
    private @Nullable IntFunction<? extends M> ping;
    private @Nullable Predicate<? super M> isPing;
    private @Nullable Function<? super M, ? extends M> pong;
    private @Nullable Predicate<? super M> isPong;
    private @Nullable ToIntFunction<? super M> pongId;

    ProtocolBuilder(Class<M> type) {
        this.type = requireNonNull(type, "type");
    }

    /**
     * Sets how a ping is made.
     *
     * @param ping given the probe's id, from 0 to 65 535; may ignore it
     * @return this builder
     */
    public ProtocolBuilder<M> ping(IntFunction<? extends M> ping) {
        this.ping = requireNonNull(ping, "ping");
        return this;
    }

    /**
     * Sets how the peer's ping is recognised.
     *
     * @param isPing true for a ping
     * @return this builder
     */
    public ProtocolBuilder<M> isPing(Predicate<? super M> isPing) {
        this.isPing = requireNonNull(isPing, "isPing");
        return this;
    }

    /**
     * Sets what the peer's ping is answered with.
     *
     * @param pong given the ping, which is released afterwards
     * @return this builder
     */
    public ProtocolBuilder<M> pong(Function<? super M, ? extends M> pong) {
        this.pong = requireNonNull(pong, "pong");
        return this;
    }

    /**
     * Sets how the answer to a ping of ours is recognised.
     *
     * @param isPong true for a pong
     * @return this builder
     */
    public ProtocolBuilder<M> isPong(Predicate<? super M> isPong) {
        this.isPong = requireNonNull(isPong, "isPong");
        return this;
    }

    /**
     * Sets which ping a pong answers. Default: pongs come in the order of the pings.
     *
     * @param pongId the id that the ping was made with; any other number for a pong that answers none
     * @return this builder
     */
    public ProtocolBuilder<M> pongId(ToIntFunction<? super M> pongId) {
        this.pongId = requireNonNull(pongId, "pongId");
        return this;
    }

    /**
     * Builds the protocol.
     *
     * @return an immutable protocol
     * @throws NullPointerException if one of ping, isPing, pong and isPong is not set
     */
    public HeartbeatProtocol<M> build() {
        return new FunctionalProtocol<>(
                type,
                requireNonNull(ping, "ping"),
                requireNonNull(isPing, "isPing"),
                requireNonNull(pong, "pong"),
                requireNonNull(isPong, "isPong"),
                pongId);
    }

    /** A protocol that answers a message with a message, without the detour through a frame. */
    record FunctionalProtocol<M>(
            Class<M> messageType,
            IntFunction<? extends M> ping,
            Predicate<? super M> isPing,
            Function<? super M, ? extends M> pong,
            Predicate<? super M> isPong,
            @Nullable ToIntFunction<? super M> pongId)
            implements HeartbeatProtocol<M> {
        @Override
        public DecodeResult read(M message, HeartbeatFrame out) {
            if (isPing.test(message)) {
                out.reset(FrameKind.PING);
                return DecodeResult.HEARTBEAT;
            }
            if (!isPong.test(message)) {
                return DecodeResult.NOT_HEARTBEAT;
            }
            out.reset(FrameKind.PONG);
            if (pongId != null) {
                int id = pongId.applyAsInt(message);
                if (id >= 0) {
                    out.id(id);
                }
            }
            return DecodeResult.HEARTBEAT;
        }

        @Override
        public M write(HeartbeatFrame frame, ByteBufAllocator allocator) {
            return requireNonNull(ping.apply(frame.hasId() ? frame.probeId() : 0), "ping");
        }

        M answer(M asked) {
            return requireNonNull(pong.apply(asked), "pong");
        }

        @Override
        public Correlation correlation() {
            return pongId == null ? Correlation.IN_ORDER : Correlation.BY_ID;
        }
    }
}
