package dev.heartbeat.netty;

import dev.heartbeat.DeathCause;
import io.netty.channel.Channel;

/**
 * Told when a channel's peer is dead, for those who would rather not write a handler for {@link HeartbeatEvent}.
 *
 * <p><b>Threading:</b> called by the channel's event loop; one listener may serve any number of channels and loops.
 */
@FunctionalInterface
public interface DeathListener {
    /**
     * The channel's peer is dead. Told once for each channel, after {@link HeartbeatEvent.Kind#DEAD} went through the
     * pipeline and the channel was told to close. Not told of channels that we close ourselves, nor after the handler was
     * removed. What is thrown here goes to the pipeline's {@code exceptionCaught}.
     *
     * @param channel the channel
     * @param cause why, with numbers
     */
    void channelDead(Channel channel, DeathCause cause);
}
