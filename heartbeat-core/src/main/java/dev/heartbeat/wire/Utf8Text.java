package dev.heartbeat.wire;

import java.nio.ByteBuffer;

/** A run of whole characters, up to where a heartbeat of the binary codec may begin. */
final class Utf8Text implements MessageLength {
    static final MessageLength INSTANCE = new Utf8Text();

    private Utf8Text() {}

    @Override
    public long of(ByteBuffer in) {
        int start = in.position();
        int limit = in.limit();
        int at = start;
        while (at < limit) {
            int bytes = bytesOf(in.get(at));
            if (bytes == 0) {
                break;
            }
            at += bytes;
        }
        return Math.max(1, at - start); // a stray byte is passed on: whether it is text is not for us to say
    }

    /** As the first byte of a character announces; 0 if it is none. */
    private static int bytesOf(byte first) {
        if (first >= 0) {
            return 1;
        }
        int value = first & 0xFF;
        if (value < 0xC0) {
            return 0;
        }
        if (value < 0xE0) {
            return 2;
        }
        return value < 0xF0 ? 3 : 4;
    }

    @Override
    public String toString() {
        return "UTF-8 text";
    }
}
