package dev.heartbeat.netty.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SnippetsTest {
    @Test
    void before_andAfter_bothAskAndBothGiveUp() {
        EmbeddedChannel before = new EmbeddedChannel();
        // In Netty 4.1 an IdleStateHandler does not follow a channel's virtual time: it is told what it would see.
        Before.configure(before.pipeline());
        before.pipeline().fireUserEventTriggered(IdleStateEvent.FIRST_WRITER_IDLE_STATE_EVENT);
        WebSocketFrame ping = before.readOutbound();
        assertTrue(ping instanceof PingWebSocketFrame);
        ping.release();
        before.pipeline().fireUserEventTriggered(IdleStateEvent.FIRST_READER_IDLE_STATE_EVENT);
        assertFalse(before.isOpen());
        before.finishAndReleaseAll();

        List<String> log = new ArrayList<>();
        EmbeddedChannel after = new EmbeddedChannel(
                new WebSocket13FrameDecoder(true, false, 65_536), new WebSocket13FrameEncoder(false));
        after.freezeTime();
        After.configure(after.pipeline(), log);
        pass(after, 46);
        assertFalse(after.outboundMessages().isEmpty());
        pass(after, 10);
        assertFalse(after.isOpen());
        assertEquals("SUSPECT", log.get(0));
        assertTrue(log.get(1).startsWith("DEAD: PEER_SILENT after PT55"), log::toString);
        after.finishAndReleaseAll();
    }

    private static void pass(EmbeddedChannel channel, int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
