package dev.heartbeat.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The codec shown in the Javadoc, what it inherits, and what a beat allocates. */
class OwnCodecTest {
    private static final class Noop implements HeartbeatCodec {
        @Override
        public DecodeResult decode(ByteBuffer in, HeartbeatFrame out) {
            if (!in.hasRemaining()) {
                return DecodeResult.NEED_MORE;
            }
            int first = in.get(in.position()) & 0xFF;
            if (first < 0xFE) {
                return DecodeResult.NOT_HEARTBEAT;
            }
            in.get();
            out.reset(first == 0xFE ? FrameKind.PING : FrameKind.PONG);
            return DecodeResult.HEARTBEAT;
        }

        @Override
        public void encode(ByteBuffer out, HeartbeatFrame frame) {
            out.put((byte) (frame.kind() == FrameKind.PONG ? 0xFF : 0xFE));
        }

        @Override
        public int maxFrameBytes() {
            return 1;
        }
    }

    private final HeartbeatFrame frame = new HeartbeatFrame();

    @Test
    void ownCodec_ofThreeMethods_asksAndAnswers() {
        HeartbeatCodec noop = new Noop();
        assertEquals(DecodeResult.HEARTBEAT, noop.decodeMessage(Hex.buffer("fe"), frame));
        assertEquals("ff", Hex.encoded(noop, frame.answer()));
        assertEquals(DecodeResult.BAD_LENGTH, noop.decodeMessage(Hex.buffer("fe fe"), frame));
        assertEquals(Correlation.IN_ORDER, noop.correlation());
        assertFalse(noop.announcesInterval());
        assertTrue(noop.supports(FrameKind.PING) && noop.supports(FrameKind.PONG));
        assertFalse(noop.supports(FrameKind.BEAT) || noop.supports(FrameKind.ECHO_AFTER));
    }

    @Test
    void beat_thereAndBack_allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer buffer = ByteBuffer.allocateDirect(125);
        turns(buffer, 20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        turns(buffer, 20_000);
        long perTurn = (threads.getCurrentThreadAllocatedBytes() - before) / 20_000;
        assertEquals(0, perTurn);
    }

    private void turns(ByteBuffer buffer, int turns) {
        for (int i = 0; i < turns; i++) {
            turn(
                    HeartbeatCodecs.binary(),
                    buffer,
                    frame.reset(FrameKind.PING).id(i).intervalMs(30_000));
            turn(HeartbeatCodecs.line(), buffer, frame.reset(FrameKind.PING));
        }
    }

    private void turn(HeartbeatCodec codec, ByteBuffer buffer, HeartbeatFrame ping) {
        codec.encode(buffer.clear(), ping);
        if (codec.decode(buffer.flip(), frame) != DecodeResult.HEARTBEAT) {
            throw new AssertionError("lost");
        }
        codec.encode(buffer.clear(), frame.answer());
    }
}
