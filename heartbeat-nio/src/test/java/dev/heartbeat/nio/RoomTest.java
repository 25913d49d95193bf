package dev.heartbeat.nio;

import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Heartbeats that wait for room, and an application that waits for it too, over one interest in OP_WRITE. */
class RoomTest {
    private static final int MUCH = 1 << 20;

    private final FakeSelector selector = new FakeSelector();
    private final List<DeathCause> causes = new ArrayList<>();
    private final NioHeartbeats heartbeats = NioHeartbeats.builder()
            .clock(selector.clock)
            .policy(HeartbeatPolicy.client())
            .on(selector, (key, cause) -> causes.add(cause));
    private final FakeSelector.Key key = selector.key();
    private final FakeSelector.Channel channel = key.channel;

    RoomTest() {
        heartbeats.open(key);
    }

    private void probe() {
        heartbeats.heartbeat(key).probeNow(selector.clock.nanoTime());
    }

    /** Whether the host is shown the key, ready to be written to. */
    private boolean selectShowsRoom() throws IOException {
        selector.selected.clear();
        int ready = heartbeats.select();
        assertEquals(selector.selected.size(), ready);
        return selector.selected.contains(key);
    }

    @Test
    void probe_thatWaits_leavesWhenThereIsRoom_andOpWriteIsGivenBack() throws IOException {
        channel.room = 0;
        probe();
        assertEquals(OP_READ | OP_WRITE, key.interestOps());
        channel.room = MUCH;
        heartbeats.select();
        assertTrue(channel.written > 0);
        assertEquals(0, selector.waitedNs);
        heartbeats.select();
        assertEquals(OP_READ, key.interestOps());
        assertFalse(selectShowsRoom());
    }

    @Test
    void probe_thatLeavesWithAMessage_givesOpWriteBack() throws IOException {
        channel.room = 0;
        probe();
        channel.room = MUCH;
        heartbeats.write(key, ByteBuffer.allocate(10));
        assertTrue(channel.written > 10);
        assertTrue(selectShowsRoom());
        assertFalse(selectShowsRoom());
        assertEquals(OP_READ, key.interestOps());
        assertFalse(selectShowsRoom());
    }

    @Test
    void probe_thatFindsTooLittleRoom_isNotShownToTheHost() throws IOException {
        channel.room = 0;
        probe();
        channel.room = 1;
        assertFalse(selectShowsRoom());
        assertEquals(1, channel.written);
        assertEquals(OP_READ | OP_WRITE, key.interestOps());
    }

    @Test
    void probe_behindTheLastByteThatFits_leavesThoughTheApplicationWantsToReadOnly() throws IOException {
        ByteBuffer message = ByteBuffer.allocate(100);
        channel.room = 50;
        heartbeats.write(key, message);
        key.interestOps(OP_READ | OP_WRITE);
        probe();
        channel.room = 50;
        assertTrue(selectShowsRoom());
        heartbeats.write(key, message);
        assertFalse(message.hasRemaining());
        key.interestOps(OP_READ); // as any loop does that has written all it had
        channel.room = MUCH;
        heartbeats.select();
        assertTrue(channel.written > 100);
        assertEquals(0, selector.waitedNs);
        assertEquals(List.of(), causes);
    }

    @Test
    void probe_thatWaits_leavesThoughTheApplicationSetsItsInterestAnew() throws IOException {
        channel.room = 0;
        probe();
        key.interestOps(OP_READ);
        channel.room = MUCH;
        heartbeats.select();
        assertTrue(channel.written > 0);
        assertEquals(0, selector.waitedNs);
    }

    @Test
    void application_thatAsksForRoomWhileAProbeWaits_isTold() throws IOException {
        channel.room = 0;
        probe();
        key.interestOpsOr(OP_WRITE); // it has queued something, to be written when there is room
        channel.room = MUCH;
        assertTrue(selectShowsRoom());
    }

    @Test
    void application_thatAsksWhileALaterProbeWaits_isTold_thoughThatOneLeavesWithAnAnswer() throws IOException {
        channel.room = 0;
        probe();
        channel.room = MUCH;
        assertTrue(selectShowsRoom());
        assertFalse(selectShowsRoom());
        channel.room = 0;
        heartbeats.monitor().networkChanged(heartbeats.heartbeat(key).handle(), selector.clock.nanoTime());
        key.interestOpsOr(OP_WRITE);
        channel.room = MUCH;
        channel.arrived = Bytes.bytes(Bytes.PING);
        heartbeats.read(key, ByteBuffer.allocate(100)); // leaves with the answer
        assertTrue(selectShowsRoom());
    }

    @Test
    void application_thatWritesAPartWhenTold_isToldAgain() throws IOException {
        channel.room = 0;
        probe();
        key.interestOpsOr(OP_WRITE);
        channel.room = MUCH;
        assertTrue(selectShowsRoom());
        channel.room = 50;
        ByteBuffer message = ByteBuffer.allocate(100);
        heartbeats.write(key, message);
        assertFalse(selectShowsRoom());
        channel.room = MUCH;
        assertTrue(selectShowsRoom());
        heartbeats.write(key, message);
        assertFalse(message.hasRemaining());
        assertTrue(selectShowsRoom()); // OP_WRITE is its own, until it takes it back
    }

    @Test
    void application_thatWritesOneMessageWhenTold_isToldAgainForTheNext() throws IOException {
        channel.room = 0;
        probe();
        key.interestOpsOr(OP_WRITE);
        channel.room = MUCH;
        for (int i = 0; i < 3; i++) {
            assertTrue(selectShowsRoom());
            heartbeats.write(key, ByteBuffer.allocate(10));
        }
    }
}
