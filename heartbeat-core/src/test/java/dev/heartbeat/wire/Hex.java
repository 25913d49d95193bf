package dev.heartbeat.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Bytes as people read them. */
final class Hex {
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private Hex() {}

    static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(SPACED.parseHex(hex));
    }

    static String encoded(HeartbeatCodec codec, HeartbeatFrame frame) {
        return SPACED.formatHex(bytes(codec, frame));
    }

    static byte[] bytes(HeartbeatCodec codec, HeartbeatFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(codec.maxFrameBytes());
        codec.encode(out, frame);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }
}
