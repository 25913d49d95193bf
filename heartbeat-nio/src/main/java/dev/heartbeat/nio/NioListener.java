package dev.heartbeat.nio;

import dev.heartbeat.DeathCause;
import dev.heartbeat.Refusal;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * Told what becomes of the connections of one selector. A lambda over {@link #onDead} will do.
 *
 * <p>It is {@link dev.heartbeat.HeartbeatListener} with the key in place of the handle: told last, when the state has
 * changed and the channel is closed; what it throws goes to {@link #onError} and costs no other connection anything.
 *
 * <p><b>Threading:</b> called by the thread that runs the selector, from within a call to {@link NioHeartbeats}. It may
 * call back, to close a connection for instance, but not {@code select}.
 */
@FunctionalInterface
public interface NioListener {
    /**
     * The connection is dead and its channel closed. Told once; not told of what the host closed itself.
     *
     * @param key canceled already; its attachment is as the host left it
     * @param cause why, with numbers
     */
    void onDead(SelectionKey key, DeathCause cause);

    /**
     * Evidence is overdue.
     *
     * @param key the connection
     * @param silenceNs how long nothing has arrived, in nanoseconds
     */
    default void onSuspect(SelectionKey key, long silenceNs) {}

    /**
     * A suspect showed evidence of life.
     *
     * @param key the connection
     */
    default void onRecovered(SelectionKey key) {}

    /**
     * A probe was answered in time.
     *
     * @param key the connection
     * @param roundTripNs from its leaving to the answer's arrival, in nanoseconds; at least 0
     */
    default void onAck(SelectionKey key, long roundTripNs) {}

    /**
     * A probe stayed unanswered, and nothing else arrived meanwhile.
     *
     * @param key the connection
     * @param consecutiveMisses this one included; 1 or more
     */
    default void onMiss(SelectionKey key, int consecutiveMisses) {}

    /**
     * Something the peer sent was refused.
     *
     * @param key the connection
     * @param refusal what
     */
    default void onRefused(SelectionKey key, Refusal refusal) {}

    /**
     * We ourselves did not run for a while. That time counts against nobody.
     *
     * @param stallNs how long, in nanoseconds
     */
    default void onStall(long stallNs) {}

    /**
     * This listener, a handler of a channel, or a part of a policy threw. By default it goes to the thread's handler for
     * uncaught exceptions.
     *
     * @param key the connection; null if there is none to name
     * @param error what was thrown
     */
    default void onError(@Nullable SelectionKey key, Exception error) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
    }
}
