package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.reconnect.Reconnect;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * One client: what its loop remembers of it.
 *
 * <p><b>Threading:</b> confined to its loop.
 */
final class DemoClient {
    final int number;
    final Role role;
    final Reconnect reconnect;
    final ByteBuffer in = ByteBuffer.allocate(256);

    @Nullable
    SelectionKey key;

    long epoch;
    boolean losses;
    boolean gone;
    long lastChatNs;

    DemoClient(int number, Role role, Reconnect reconnect) {
        this.number = number;
        this.role = role;
        this.reconnect = reconnect;
    }

    /** It sleeps long until it has learned what that costs. */
    boolean isSleepy() {
        return role == Role.SLEEPY && !losses;
    }
}
