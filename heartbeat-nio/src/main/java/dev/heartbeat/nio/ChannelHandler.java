package dev.heartbeat.nio;

import dev.heartbeat.DeathCause;
import java.nio.ByteBuffer;

/**
 * What a {@link HeartbeatChannel} does with what arrives. A lambda over {@link #onData} will do.
 *
 * <p><b>Threading:</b> called by the thread that runs the selector. What is thrown goes to {@link NioListener#onError}.
 */
@FunctionalInterface
public interface ChannelHandler {
    /**
     * Bytes of the application have arrived.
     *
     * @param channel where
     * @param data valid during the call. What is not taken out of it comes again, with more behind it: so
     *     take whole messages and leave the rest
     */
    void onData(HeartbeatChannel channel, ByteBuffer data);

    /**
     * Everything that was sent has left.
     *
     * @param channel which
     */
    default void onDrained(HeartbeatChannel channel) {}

    /**
     * The peer has shut down its output and half-open connections are kept. By default the channel closes as soon as
     * everything that was sent has left. If it fails before, it is closed and {@link #onDead} is not told, as nobody
     * watches it any more; {@link HeartbeatChannel#send} returns false then.
     *
     * @param channel no longer watched
     */
    default void onEndOfInput(HeartbeatChannel channel) {
        channel.closeWhenSent();
    }

    /**
     * The connection is dead and the channel closed. Told once, and nothing afterwards; not told of a channel that was
     * closed here.
     *
     * @param channel closed
     * @param cause why, with numbers
     */
    default void onDead(HeartbeatChannel channel, DeathCause cause) {}
}
