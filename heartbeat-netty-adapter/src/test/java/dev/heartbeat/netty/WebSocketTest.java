package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTest {
    private static final String UPGRADE = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    /** The other end's codec, to speak frames to the bytes under test. */
    private final EmbeddedChannel peer =
            new EmbeddedChannel(new WebSocket13FrameEncoder(true), new WebSocket13FrameDecoder(false, false, 65_536));

    @AfterEach
    void close() {
        peer.finishAndReleaseAll();
    }

    private static Rig server(HeartbeatPolicy policy) {
        return new Rig(
                HeartbeatHandler.builder(policy).webSocket(),
                new HttpServerCodec(),
                new HttpObjectAggregator(8192),
                new WebSocketServerProtocolHandler("/ws"));
    }

    private void toServer(Rig rig, WebSocketFrame frame) {
        peer.writeOutbound(frame);
        for (ByteBuf bytes = peer.readOutbound(); bytes != null; bytes = peer.readOutbound()) {
            rig.channel.writeInbound(bytes);
        }
    }

    private WebSocketFrame fromServer(Rig rig) {
        for (ByteBuf bytes = rig.channel.readOutbound(); bytes != null; bytes = rig.channel.readOutbound()) {
            peer.writeInbound(bytes);
        }
        return peer.readInbound();
    }

    @Test
    void beforeTheHandshake_nothingIsSentNorJudged() {
        try (Rig rig = server(HeartbeatPolicy.client())) {
            rig.pass(3600);
            assertTrue(rig.written().stream().noneMatch(bytes -> bytes.startsWith("\u0089")));
            assertTrue(rig.app.causes.isEmpty());
        }
    }

    @Test
    void quietClient_afterTheHandshake_isPingedAndItsPongIsMeasuredThoughNettySwallowsIt() {
        try (Rig rig = server(HeartbeatPolicy.client())) {
            rig.hear(UPGRADE);
            assertTrue(rig.written().get(0).startsWith("HTTP/1.1 101"));
            for (int i = 1; i <= 5; i++) {
                rig.pass(Duration.ofMillis(30_020));
                WebSocketFrame ping = fromServer(rig);
                assertTrue(ping instanceof PingWebSocketFrame);
                toServer(rig, new PongWebSocketFrame(ping.content()));
                assertEquals(i, rig.handler.statistics().acks());
            }
            assertEquals(List.of(), rig.app.told);
            assertEquals(List.of(), rig.app.messages);
        }
    }

    @Test
    void clientThatVanishes_isDeadAndItsChannelClosedWithoutAGoodbye() {
        try (Rig rig = server(HeartbeatPolicy.server())) {
            rig.hear(UPGRADE);
            rig.written();
            rig.pass(46);
            WebSocketFrame lastWord = fromServer(rig);
            assertTrue(lastWord instanceof PingWebSocketFrame);
            lastWord.release();
            rig.pass(Duration.ofMillis(9_500));
            assertEquals(List.of("SUSPECT", "DEAD", "inactive", "dead PEER_SILENT"), rig.app.told);
            assertNull(fromServer(rig));
        }
    }

    @Test
    void pongNobodyAskedFor_isLifeAndNoMistake() {
        try (Rig rig = server(HeartbeatPolicy.server())) {
            rig.hear(UPGRADE);
            for (int i = 0; i < 20; i++) {
                rig.pass(40);
                toServer(rig, new PongWebSocketFrame(Unpooled.copiedBuffer("hi", StandardCharsets.US_ASCII)));
            }
            assertEquals(List.of(), rig.app.told);
        }
    }

    @Test
    void ping_ofTheClient_isAnsweredOnce() {
        try (Rig rig = server(HeartbeatPolicy.server())) {
            rig.hear(UPGRADE);
            rig.written();
            toServer(rig, new PingWebSocketFrame(Unpooled.copiedBuffer("abc", StandardCharsets.US_ASCII)));
            WebSocketFrame pong = fromServer(rig);
            assertTrue(pong instanceof PongWebSocketFrame);
            assertEquals("abc", pong.content().toString(StandardCharsets.US_ASCII));
            pong.release();
            assertNull(fromServer(rig));
        }
    }

    @Test
    void barePipeline_answersPingsItselfAndKeepsThemFromTheApplication() {
        try (Rig rig = new Rig(
                HeartbeatHandler.builder(HeartbeatPolicy.client()).webSocket(),
                new WebSocket13FrameDecoder(true, false, 65_536),
                new WebSocket13FrameEncoder(false))) {
            toServer(rig, new PingWebSocketFrame(Unpooled.copiedBuffer("abc", StandardCharsets.US_ASCII)));
            WebSocketFrame pong = fromServer(rig);
            assertEquals("abc", pong.content().toString(StandardCharsets.US_ASCII));
            pong.release();
            toServer(rig, new TextWebSocketFrame("hello"));
            assertEquals(List.of("TextWebSocketFrame"), rig.app.messages);
            rig.pass(31);
            WebSocketFrame ping = fromServer(rig);
            assertNotNull(ping);
            toServer(rig, new PongWebSocketFrame(ping.content()));
            assertEquals(1, rig.handler.statistics().acks());
            assertEquals(1, rig.app.messages.size());
        }
    }

    @Test
    void halfAFrame_againAndAgain_isLife() {
        try (Rig rig = server(HeartbeatPolicy.server())) {
            rig.hear(UPGRADE);
            peer.writeOutbound(new TextWebSocketFrame("x".repeat(60)));
            ByteBuf bytes = peer.readOutbound();
            while (bytes.isReadable()) {
                rig.pass(40);
                rig.channel.writeInbound(bytes.readRetainedSlice(1));
            }
            bytes.release();
            assertEquals(List.of(), rig.app.told);
            assertEquals(List.of("TextWebSocketFrame"), rig.app.messages);
        }
    }
}
