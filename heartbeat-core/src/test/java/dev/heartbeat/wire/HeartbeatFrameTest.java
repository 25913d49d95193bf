package dev.heartbeat.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class HeartbeatFrameTest {
    private final HeartbeatFrame frame = new HeartbeatFrame();

    @Test
    void reset_afterEveryField_leavesNothing() {
        frame.id(5).intervalMs(6).delayMs(7).payload(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0, 3);
        frame.reset(FrameKind.BEAT);
        assertFalse(frame.hasId() || frame.hasInterval() || frame.hasDelay());
        assertEquals(0, frame.id() + frame.intervalMs() + frame.delayMs() + frame.payloadLength());
        assertThrows(IndexOutOfBoundsException.class, () -> frame.payload(0));
    }

    @Test
    void payload_shorterThanTheOneBefore_showsNothingOfThatOne() {
        frame.payload(ByteBuffer.wrap(new byte[] {9, 8, 7, 6}), 0, 4);
        frame.reset(FrameKind.PING).payload(ByteBuffer.wrap(new byte[] {1}), 0, 1);
        ByteBuffer out = ByteBuffer.allocate(10);
        frame.payloadTo(out);
        assertEquals(1, out.position());
        assertThrows(IndexOutOfBoundsException.class, () -> frame.payload(1));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.payload(-1));
    }

    @Test
    void payload_beyondTheLimitOfItsBuffer_refused() {
        ByteBuffer in = ByteBuffer.allocate(100);
        in.limit(10);
        assertThrows(IndexOutOfBoundsException.class, () -> frame.payload(in, 0, 11));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.payload(in, 10, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.payload(in, Integer.MAX_VALUE, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.payload(in, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> frame.payload(in, 0, 126));
        assertThrows(IllegalArgumentException.class, () -> frame.payload(in, 0, -1));
        assertEquals(10, frame.payload(in, 0, 10).payloadLength());
    }

    @Test
    void answer_requests_becomePongsWithEveryFieldAsItCame() {
        frame.reset(FrameKind.PING).id(3).intervalMs(4);
        assertEquals("PONG id=3 interval=4ms", frame.answer().toString());
        frame.reset(FrameKind.ECHO_AFTER).id(3).delayMs(9);
        assertEquals("PONG id=3 delay=9ms", frame.answer().toString());
    }

    @Test
    void answer_answersAndBeats_refused() {
        assertThrows(
                IllegalStateException.class, () -> frame.reset(FrameKind.PONG).answer());
        assertThrows(
                IllegalStateException.class, () -> frame.reset(FrameKind.BEAT).answer());
    }

    @Test
    void setters_outOfRange_sayNameValueAndExpectation() {
        assertEquals(
                "id: -1 (expected: >= 0)",
                assertThrows(IllegalArgumentException.class, () -> frame.id(-1)).getMessage());
        assertEquals(
                "intervalMs: 0 (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> frame.intervalMs(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> frame.delayMs(-1));
        assertFalse(frame.hasId() || frame.hasInterval() || frame.hasDelay());
    }

    @Test
    void probeId_onlyUpTo16Bits() {
        assertFalse(frame.hasProbeId());
        assertThrows(IllegalStateException.class, frame::probeId);
        assertEquals(0xFFFF, frame.id(0xFFFF).probeId());
        assertTrue(frame.hasProbeId());
        assertFalse(frame.id(0x10000).hasProbeId());
        assertThrows(IllegalStateException.class, frame::probeId);
    }

    @Test
    void intervalNs_anyNumberOfMilliseconds_saturatesAtHalfTheRange() {
        assertEquals(30_000_000_000L, frame.intervalMs(30_000).intervalNs());
        long most = frame.intervalMs(Long.MAX_VALUE).intervalNs();
        assertTrue(most <= Long.MAX_VALUE >> 1 && most > (Long.MAX_VALUE >> 1) - 1_000_000);
        assertEquals(most, frame.delayMs(Long.MAX_VALUE).delayNs());
        assertEquals(most - 1_000_000, frame.intervalMs(most / 1_000_000 - 1).intervalNs());
    }
}
