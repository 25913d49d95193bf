package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.wire.HeartbeatCodecs;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import java.io.File;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Promises 6, 7 and 9: what leaves is progress, what is queued is not, and the ack's time runs from the leaving. */
class ProgressTest {
    /** Probe after 30 s of outbound quiet, 10 s for the ack, three misses; 30 s for a probe that cannot leave. */
    private static final HeartbeatPolicy CLIENT = HeartbeatPolicy.client();

    private final StuckChannel channel = new StuckChannel();
    private final Rig rig = new Rig(
            channel, HeartbeatHandler.builder(CLIENT).protocol(HeartbeatProtocol.frames(HeartbeatCodecs.line())));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void probe_thatCannotLeave_isDeadByItsOwnDeadline() {
        channel.bytesPerFlush = 0;
        rig.pass(Duration.ofMillis(59_900));
        assertEquals(List.of(), rig.app.told);
        rig.pass(Duration.ofMillis(500));
        assertEquals(List.of("DEAD", "inactive", "dead PROBE_UNWRITTEN"), rig.app.told);
    }

    @Test
    void bigBuffer_thatDrainsSlowly_killsNobodyAndNeedsNoProbe() {
        channel.bytesPerFlush = 0;
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
        for (int second = 0; second < 3600; second++) {
            channel.drain(100);
            rig.pass(1);
        }
        assertEquals(List.of(), rig.app.told);
        // Own writes are no life: a peer that is never heard is asked once, behind the message.
        assertEquals(1, rig.handler.statistics().probes());
    }

    @Test
    void bigFile_thatDrainsSlowly_killsNobody() {
        channel.bytesPerFlush = 0;
        FileRegion region = new DefaultFileRegion(new File("never-opened"), 0, 1 << 20);
        channel.writeAndFlush(region);
        for (int second = 0; second < 3600; second++) {
            channel.drain(100);
            rig.pass(1);
        }
        assertEquals(List.of(), rig.app.told);
    }

    @Test
    void bigBuffer_thatGetsStuckHalfWay_isNoticed() {
        channel.bytesPerFlush = 0;
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
        for (int second = 0; second < 600; second++) {
            channel.drain(100);
            rig.pass(1);
        }
        rig.pass(Duration.ofSeconds(29));
        assertEquals(List.of(), rig.app.told);
        rig.pass(Duration.ofSeconds(2));
        assertEquals(List.of("DEAD", "inactive", "dead PROBE_UNWRITTEN"), rig.app.told);
    }

    @Test
    void moreThatIsQueued_behindAStuckMessage_isNoProgress() {
        channel.bytesPerFlush = 0;
        for (int second = 0; second < 61; second++) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1000]));
            rig.pass(1);
        }
        assertEquals(List.of("DEAD", "inactive", "dead PROBE_UNWRITTEN"), rig.app.told);
    }

    @Test
    void ackTimeout_ofAProbeThatWaited_runsFromItsLeaving() {
        channel.bytesPerFlush = 0;
        rig.pass(50); // the probe was asked for at 30 s
        channel.drain(6);
        rig.pass(Duration.ofMillis(9_900));
        assertEquals(0, rig.handler.statistics().misses());
        rig.pass(Duration.ofMillis(200));
        assertEquals(1, rig.handler.statistics().misses());
    }

    @Test
    void drainedBuffer_isNotLookedAtAnyLonger() {
        channel.bytesPerFlush = 0;
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
        rig.pass(1);
        assertTrue(channel.runScheduledPendingTasks() <= 250_000_000L);
        channel.drain(100);
        rig.pass(1);
        assertTrue(channel.runScheduledPendingTasks() > 1_000_000_000L);
        assertFalse(rig.app.told.contains("SUSPECT"));
    }

    @Test
    void bigMessage_thatTricklesIn_isLife() {
        for (int i = 0; i < 100; i++) {
            rig.pass(9);
            rig.hear("x"); // never a whole line
        }
        assertFalse(rig.app.told.contains("SUSPECT"), rig.app.told::toString);
    }
}
