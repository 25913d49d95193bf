package dev.heartbeat.netty;

import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Control frames of WebSocket (RFC 6455, section 5.5). A ping of ours carries four bytes, and a pong with just these
 * answers it; any other pong is one that nobody asked for, which the RFC allows, and a sign of life.
 */
final class WebSocketProtocol implements HeartbeatProtocol<WebSocketFrame> {
    private static final int MARK = 'h' << 8 | 'b';
    private static final int PAYLOAD_BYTES = 4;

    @Override
    public Class<WebSocketFrame> messageType() {
        return WebSocketFrame.class;
    }

    @Override
    public DecodeResult read(WebSocketFrame message, HeartbeatFrame out) {
        if (message instanceof PongWebSocketFrame) {
            readPong(message.content(), out);
            return DecodeResult.HEARTBEAT;
        }
        if (!(message instanceof PingWebSocketFrame)) {
            return DecodeResult.NOT_HEARTBEAT;
        }
        int length = message.content().readableBytes();
        if (length > HeartbeatFrame.MAX_PAYLOAD) {
            return DecodeResult.BAD_LENGTH;
        }
        out.reset(FrameKind.PING).payload(message.content().nioBuffer(), 0, length);
        return DecodeResult.HEARTBEAT;
    }

    private static void readPong(ByteBuf content, HeartbeatFrame out) {
        int start = content.readerIndex();
        if (content.readableBytes() == PAYLOAD_BYTES && content.getUnsignedShort(start) == MARK) {
            out.reset(FrameKind.PONG).id(content.getUnsignedShort(start + 2));
        } else {
            out.reset(FrameKind.BEAT);
        }
    }

    @Override
    public WebSocketFrame write(HeartbeatFrame frame, ByteBufAllocator allocator) {
        if (frame.kind() == FrameKind.PING) {
            ByteBuf content = allocator.ioBuffer(PAYLOAD_BYTES, PAYLOAD_BYTES);
            return new PingWebSocketFrame(content.writeShort(MARK).writeShort(frame.probeId()));
        }
        int length = frame.payloadLength();
        ByteBuf content = allocator.ioBuffer(Math.max(1, length));
        ByteBuffer echo = content.nioBuffer(0, length);
        frame.payloadTo(echo);
        return new PongWebSocketFrame(content.writerIndex(length));
    }

    @Override
    public Correlation correlation() {
        return Correlation.BY_ID;
    }

    @Override
    public boolean isSpoken(ChannelPipeline pipeline) {
        return pipeline.get(WebSocketFrameEncoder.class) != null;
    }

    @Override
    public @Nullable ChannelHandlerContext answeredBy(ChannelPipeline pipeline) {
        ChannelHandlerContext server = pipeline.context(WebSocketServerProtocolHandler.class);
        return server != null ? server : pipeline.context(WebSocketClientProtocolHandler.class);
    }
}
