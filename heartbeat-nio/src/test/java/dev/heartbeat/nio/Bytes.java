package dev.heartbeat.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Bytes to say and to hear. */
final class Bytes {
    static final byte[] PING = {(byte) 0x81, 7};
    static final byte[] PONG = {(byte) 0x91, 7};

    static ByteBuffer bytes(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(1024);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.flip();
    }

    static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static byte[] readBlocking(SocketChannel channel, int count) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(count);
        while (in.hasRemaining() && channel.read(in) >= 0) {}
        return in.array();
    }

    private Bytes() {}
}
