package dev.heartbeat.examples.chat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of text in bytes. */
final class Lines {
    private Lines() {}

    static ByteBuffer encode(String line) {
        return StandardCharsets.UTF_8.encode(line + "\n");
    }

    /** Takes the next whole line out of {@code data}; null, and nothing is taken, if there is none yet. */
    static @Nullable String next(ByteBuffer data) {
        for (int i = data.position(); i < data.limit(); i++) {
            if (data.get(i) == '\n') {
                ByteBuffer line = data.slice(data.position(), i - data.position());
                data.position(i + 1);
                return StandardCharsets.UTF_8.decode(line).toString().strip();
            }
        }
        return null;
    }
}
