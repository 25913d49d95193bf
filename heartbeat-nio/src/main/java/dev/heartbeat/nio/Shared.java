package dev.heartbeat.nio;

import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.time.NanoClock;
import dev.heartbeat.wire.HeartbeatFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What the connections of one selector share: the clock, the monitor, and pads to scribble on. */
final class Shared {
    /** For heartbeats on their way out: sixteen of the default ones, one of the longest there may be. */
    private static final int SCRATCH_BYTES = 2048;

    final NanoClock clock;
    final boolean keepHalfOpen;
    final HeartbeatFrame frame = new HeartbeatFrame();
    final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

    /** For room, as their heartbeats found the channel full. */
    final List<Room> waiting = new ArrayList<>();

    /** Connections that broke, or broke a rule, behind bytes that the application has yet to deal with. */
    final List<Connection> offenders = new ArrayList<>();

    final PendingEchoes echoes;
    final HeartbeatPolicy untilEcho;
    final HeartbeatMonitor monitor;
    final Connections connections;

    Shared(NioHeartbeatsBuilder from, HeartbeatMonitor monitor, Connections connections) {
        clock = from.clock;
        keepHalfOpen = from.keepHalfOpen;
        this.monitor = monitor;
        this.connections = connections;
        echoes = new PendingEchoes(from.echoes, clock.nanoTime(), e -> connections.tellError(null, e));
        untilEcho = ConnectionEcho.waiting(from.echoes);
    }
}
