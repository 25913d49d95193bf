package dev.heartbeat.examples.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Serves the page; the WebSocket's own request goes on. */
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final byte[] PAGE = load();

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (request.uri().equals("/live")) {
            ctx.fireChannelRead(request.retain());
            return;
        }
        boolean found = request.method().equals(HttpMethod.GET) && request.uri().equals("/");
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                found ? HttpResponseStatus.OK : HttpResponseStatus.NOT_FOUND,
                found ? Unpooled.wrappedBuffer(PAGE) : Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, "close");
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private static byte[] load() {
        try (InputStream page = PageHandler.class.getResourceAsStream("live.html")) {
            if (page == null) {
                throw new IllegalStateException("live.html is not on the class path");
            }
            return page.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
