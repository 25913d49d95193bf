package dev.heartbeat.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys that are served here and never shown to the host. */
class OwnKeysTest {
    private final FakeSelector selector = new FakeSelector();
    private final NioHeartbeats heartbeats = NioHeartbeats.builder()
            .clock(selector.clock)
            .policy(HeartbeatPolicy.client())
            .on(selector, (key, cause) -> {});
    private final List<FakeSelector.Key> keys = new ArrayList<>();

    private void add(int count, KeyHandler handler) {
        heartbeats.serveFrom(count);
        for (int i = 0; i < count; i++) {
            FakeSelector.Key key = selector.key();
            key.interestOps(SelectionKey.OP_WRITE);
            key.attach(handler);
            keys.add(key);
        }
    }

    @Test
    void manyKeys_areServedInLinearTime() throws IOException {
        int[] served = {0};
        add(2_000, () -> served[0]++);
        assertEquals(0, heartbeats.select());
        assertEquals(2_000, served[0]);
        assertEquals(0, selector.selected.size());
        long comparisons = keys.stream().mapToLong(key -> key.comparisons).sum();
        assertTrue(comparisons < 20_000, "comparisons: " + comparisons);
    }

    @Test
    void handler_thatThrowsAnError_leavesNothingBehindForTheNextSelect() throws IOException {
        AssertionError thrown = new AssertionError("handler");
        int[] served = {0};
        boolean[] bad = {true};
        add(5, () -> {
            served[0]++;
            if (bad[0]) {
                throw thrown;
            }
        });
        assertSame(thrown, assertThrows(AssertionError.class, heartbeats::select));
        assertEquals(1, served[0]);
        bad[0] = false;
        assertEquals(0, heartbeats.select());
        assertEquals(6, served[0]); // each once, and none twice
    }
}
