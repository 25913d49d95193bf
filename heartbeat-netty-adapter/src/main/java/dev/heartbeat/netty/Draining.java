package dev.heartbeat.netty;

import dev.heartbeat.HeartbeatMonitor;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a loop whose outbound buffer did not empty at once.
 *
 * <p>Netty tells when a message has left, and of a big one that is long after its first byte. So while bytes wait, the
 * buffer's own count of the message on its way is looked at now and then: if it moved, bytes have left. It counts what a
 * {@code FileRegion} transfers as well, and it does not move when more is queued.
 *
 * <p>A list through the channels themselves: most of the time it is empty, and it costs nothing then.
 */
final class Draining {
    private @Nullable ChannelHeartbeat first;

    boolean isEmpty() {
        return first == null;
    }

    void add(ChannelHeartbeat channel) {
        if (channel.isDraining) {
            return;
        }
        channel.isDraining = true;
        channel.nextDraining = first;
        if (first != null) {
            first.previousDraining = channel;
        }
        first = channel;
    }

    void remove(ChannelHeartbeat channel) {
        if (!channel.isDraining) {
            return;
        }
        channel.isDraining = false;
        ChannelHeartbeat previous = channel.previousDraining;
        ChannelHeartbeat next = channel.nextDraining;
        if (previous == null) {
            first = next;
        } else {
            previous.nextDraining = next;
        }
        if (next != null) {
            next.previousDraining = previous;
        }
        channel.previousDraining = null;
        channel.nextDraining = null;
    }

    void sample(HeartbeatMonitor monitor, long nowNs) {
        ChannelHeartbeat channel = first;
        while (channel != null) {
            ChannelHeartbeat next = channel.nextDraining;
            ChannelOutboundBuffer buffer = channel.outboundBuffer();
            if (buffer == null || buffer.isEmpty()) {
                remove(channel);
            } else if (channel.hasProgressed(buffer.currentProgress())) {
                monitor.sent(channel.handle(), nowNs);
            }
            channel = next;
        }
    }
}
