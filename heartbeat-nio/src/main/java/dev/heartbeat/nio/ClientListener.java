package dev.heartbeat.nio;

import dev.heartbeat.DeathCause;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Told what becomes of a {@link ReconnectingClient}.
 *
 * <p><b>Threading:</b> called by the thread that runs the selector. What is thrown goes to {@link NioListener#onError}.
 */
@FunctionalInterface
public interface ClientListener {
    /**
     * Bytes of the application have arrived on the present connection.
     *
     * @param client whose
     * @param data what is not taken out of it comes again, with more behind it
     */
    void onData(ReconnectingClient client, ByteBuffer data);

    /**
     * A connection is there. What the application says first, it says now; nothing of an earlier one will be sent.
     *
     * @param client whose
     */
    default void onConnected(ReconnectingClient client) {}

    /**
     * The connection is lost. Its socket is closed already.
     *
     * @param client whose
     * @param cause why, with numbers
     */
    default void onLost(ReconnectingClient client, DeathCause cause) {}

    /**
     * An attempt to connect failed.
     *
     * @param client whose
     * @param reason a refusal, an unreachable network, the connect timeout
     */
    default void onConnectFailed(ReconnectingClient client, IOException reason) {}

    /**
     * The next attempt will be made after a while.
     *
     * @param client whose
     * @param delay 0 or more
     */
    default void onReconnecting(ReconnectingClient client, Duration delay) {}
}
