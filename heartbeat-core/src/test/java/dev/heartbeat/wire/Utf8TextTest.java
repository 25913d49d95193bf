package dev.heartbeat.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Utf8TextTest {
    @Test
    void of_characterCutShort_reachesBeyondWhatCame() {
        byte[] euro = "a€".getBytes(UTF_8);
        assertEquals(4, MessageLength.utf8().of(ByteBuffer.wrap(euro, 0, 2)));
        assertEquals(4, MessageLength.utf8().of(ByteBuffer.wrap(euro)));
    }

    @Test
    void of_heartbeatBehindText_endsBeforeIt() {
        assertEquals(2, MessageLength.utf8().of(ByteBuffer.wrap(new byte[] {'h', 'i', (byte) 0x81, 7})));
    }

    @Test
    void of_strayByte_isOneByte() {
        assertEquals(1, MessageLength.utf8().of(ByteBuffer.wrap(new byte[] {(byte) 0xBF, 'x'})));
    }

    @Property(tries = 300)
    void stream_pingsBetweenAnyCharacters_areTakenOutAndTextStays(
            @ForAll String text, @ForAll @IntRange(min = 1, max = 7) int split) {
        String wellFormed = new String(text.getBytes(UTF_8), UTF_8);
        ByteBuffer wire = ByteBuffer.allocate(16 * wellFormed.length() + 16);
        HeartbeatFrame frame = new HeartbeatFrame();
        int pings = 0;
        for (int codePoint : wellFormed.codePoints().toArray()) {
            wire.put(new String(Character.toChars(codePoint)).getBytes(UTF_8));
            if (codePoint % 3 == 0) {
                HeartbeatCodecs.binary()
                        .encode(wire, frame.reset(FrameKind.PING).id(pings++).intervalMs(30_000));
            }
        }
        wire.flip();
        HeartbeatStream stream = new HeartbeatStream(HeartbeatCodecs.binary(), MessageLength.utf8());
        ByteBuffer out = ByteBuffer.allocate(wire.remaining());
        List<Long> heard = new ArrayList<>();
        int end = wire.limit();
        for (int until = Math.min(split, end); ; until = Math.min(until + split, end)) {
            wire.limit(until);
            drain(stream, wire, out, heard);
            if (until == end) {
                break;
            }
        }
        assertEquals(wellFormed, new String(out.array(), 0, out.position(), UTF_8));
        assertEquals(pings, heard.size());
    }

    private static void drain(HeartbeatStream stream, ByteBuffer in, ByteBuffer out, List<Long> heard) {
        HeartbeatFrame frame = new HeartbeatFrame();
        while (true) {
            DecodeResult result = stream.next(in, frame);
            if (result == DecodeResult.HEARTBEAT) {
                heard.add(frame.id());
            } else if (result == DecodeResult.NOT_HEARTBEAT) {
                for (int i = 0; i < stream.applicationBytes(); i++) {
                    out.put(in.get());
                }
            } else {
                assertEquals(DecodeResult.NEED_MORE, result);
                return;
            }
        }
    }
}
