package dev.heartbeat.netty;

import dev.heartbeat.HeartbeatPolicy;
import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The echo that one peer was promised. It is left alone until then: a probe of ours would be heard by every NAT on the way,
 * and silence is what was asked for. When we have spoken, it gets some time to make itself heard before it is judged again
 * as usual.
 *
 * <p><b>Threading:</b> confined to the channel's event loop.
 */
final class PromisedEcho {
    private static final long TO_BE_HEARD_NS = TimeUnit.SECONDS.toNanos(15);

    private final ChannelHeartbeat heartbeat;
    private final Channel channel;

    private @Nullable EchoRoom room; // while there is a place in it for this one
    private @Nullable SocketAddress peer;
    private @Nullable Object answer;
    private @Nullable ScheduledFuture<?> task; // while the peer is left alone
    private @Nullable HeartbeatPolicy silent; // meanwhile
    private boolean spoken;
    private boolean ended;

    PromisedEcho(ChannelHeartbeat heartbeat, Channel channel) {
        this.heartbeat = heartbeat;
        this.channel = channel;
    }

    /** Takes a place for an answer that is to be sent after a time: one for each channel, and where there is room. */
    boolean mayPromise(EchoRoom of) {
        if (task != null || room != null || ended || !of.take(peer())) {
            return false;
        }
        room = of;
        return true;
    }

    private @Nullable SocketAddress peer() {
        SocketAddress now = channel.remoteAddress();
        if (peer == null) {
            peer = now; // a channel that is closed does not know any more
        }
        return peer;
    }

    private void giveRoomBack() {
        if (room != null) {
            room.give(peer);
            room = null;
        }
    }

    /** Sends an answer after a time, for which {@link #mayPromise} has taken a place, and nothing before. */
    void promise(Object pong, long delayNs) {
        EchoRoom its = room;
        if (its == null) {
            ReferenceCountUtil.release(pong);
            return;
        }
        answer = pong;
        task = channel.eventLoop().schedule(this::speak, delayNs, TimeUnit.NANOSECONDS);
        silent = its.silent(heartbeat.policy());
        keepSilent();
    }

    /** As long as one is pending, its policy holds and no other. */
    void keepSilent() {
        if (task != null && silent != null) {
            heartbeat.follow(silent);
        }
    }

    private void speak() {
        Object pong = answer;
        if (pong != null) {
            answer = null;
            spoken = true;
            giveRoomBack();
            task = channel.eventLoop().schedule(this::over, TO_BE_HEARD_NS, TimeUnit.NANOSECONDS);
            heartbeat.answers().send(pong);
        }
    }

    /** Whether the next that is heard of the peer ends it. */
    boolean isSpoken() {
        return spoken;
    }

    /** The peer is judged again as usual. */
    void over() {
        forget();
        heartbeat.follow(heartbeat.policy());
    }

    /** Nothing will be said; of a channel that is no longer watched as it was. */
    void forget() {
        ReferenceCountUtil.release(answer);
        answer = null;
        spoken = false;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
        silent = null;
        giveRoomBack();
    }

    /** Nothing will be promised any more. */
    void end() {
        ended = true;
        forget();
    }
}
