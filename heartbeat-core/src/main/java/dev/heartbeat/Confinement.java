package dev.heartbeat;

import org.jspecify.annotations.Nullable;

/** Which thread a monitor belongs to: nobody's until it is bound. */
final class Confinement {
    private @Nullable Thread owner;

    void bind() {
        if (owner == null) {
            owner = Thread.currentThread();
        }
    }

    boolean isMine() {
        return owner == null || owner == Thread.currentThread();
    }

    String complaint() {
        return "HeartbeatMonitor is confined to " + owner + ", called by " + Thread.currentThread();
    }
}
