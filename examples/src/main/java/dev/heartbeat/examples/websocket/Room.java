package dev.heartbeat.examples.websocket;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Who is here, and what became of those who were. A channel leaves by itself when it closes, for whatever reason.
 *
 * <p><b>Threading:</b> safe for several threads.
 */
final class Room {
    private static final int MOST_NEWS = 1000;

    private final ChannelGroup online = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Deque<String> news = new ArrayDeque<>();

    void enter(Channel channel) {
        online.add(channel);
    }

    int size() {
        return online.size();
    }

    /** Tells everybody, in a line. */
    @SuppressWarnings("FutureReturnValueIgnored") // who has just gone does not hear it
    void tell(String line) {
        synchronized (news) {
            if (news.size() == MOST_NEWS) {
                news.removeFirst();
            }
            news.addLast(line);
        }
        online.writeAndFlush(new TextWebSocketFrame("news " + line));
    }

    List<String> news() {
        synchronized (news) {
            return List.copyOf(news);
        }
    }
}
