package dev.heartbeat.netty;

import dev.heartbeat.HeartbeatPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A channel in virtual time, with a handler of ours and a {@link Recorder} behind it. */
final class Rig implements AutoCloseable {
    final EmbeddedChannel channel;
    final HeartbeatHandler handler;
    final Recorder app = new Recorder();

    Rig(HandlerBuilder builder, ChannelHandler... before) {
        this(new EmbeddedChannel(), builder, before);
    }

    Rig(EmbeddedChannel channel, HandlerBuilder builder, ChannelHandler... before) {
        this.channel = channel;
        channel.freezeTime();
        channel.pipeline().addLast(before);
        handler = builder.onDeath(app).build();
        channel.pipeline().addLast(handler, app);
    }

    static Rig lines(HeartbeatPolicy policy) {
        return new Rig(HeartbeatHandler.builder(policy)
                .protocol(HeartbeatProtocol.frames(dev.heartbeat.wire.HeartbeatCodecs.line())));
    }

    /** Lets time pass in one step, as a test of a user would. */
    void pass(Duration length) {
        channel.advanceTimeBy(length.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    void pass(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    void hear(String text) {
        channel.writeInbound(bytes(text));
    }

    /** What has been written since the last call. */
    List<String> written() {
        List<String> written = new ArrayList<>();
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            ByteBuf bytes = (ByteBuf) message;
            written.add(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return written;
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
