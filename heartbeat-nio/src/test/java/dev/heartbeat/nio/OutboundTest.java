package dev.heartbeat.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import dev.heartbeat.wire.HeartbeatStream;
import dev.heartbeat.wire.MessageLength;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever a channel takes at a time: no torn heartbeat, no torn message, nothing lost, nothing told too early. */
class OutboundTest {
    private final HeartbeatFrame frame = new HeartbeatFrame();
    private final ByteBuffer scratch = ByteBuffer.allocate(2048);

    /** Takes from none to some bytes of each write. */
    private static final class Stingy implements WritableByteChannel {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final Random random;
        boolean generous;

        Stingy(Random random) {
            this.random = random;
        }

        @Override
        public int write(ByteBuffer src) {
            int most = generous ? src.remaining() : Math.min(src.remaining(), random.nextInt(4));
            for (int i = 0; i < most; i++) {
                taken.write(src.get());
            }
            return most;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static final class Told implements Outbound.Witness {
        final List<Integer> probes = new ArrayList<>();

        @Override
        public void left() {}

        @Override
        public void probeLeft(int probeId) {
            probes.add(probeId);
        }
    }

    @Property(tries = 500)
    void anything_atAnyPace_arrivesWhole(@ForAll long seed, @ForAll boolean lines) throws IOException {
        Random random = new Random(seed);
        HeartbeatCodec codec = lines ? HeartbeatCodecs.line() : HeartbeatCodecs.binary();
        MessageLength messages = lines ? MessageLength.endingWith((byte) '\n') : MessageLength.prefixed(2);
        Stingy channel = new Stingy(random);
        Told told = new Told();
        Outbound out = new Outbound(channel, Protocol.of(codec, messages));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int asked = 0;
        for (int step = 0; step < 60; step++) {
            int what = random.nextInt(3);
            if (what == 0) {
                ByteBuffer message = message(random, lines);
                said.write(message.array(), 0, message.limit());
                while (message.hasRemaining()) {
                    out.write(message, scratch, frame, told);
                    if (random.nextInt(4) == 0) {
                        out.probe(asked++ & 0xFFFF, 1000);
                        out.flush(scratch, frame, told);
                    }
                }
            } else if (what == 1) {
                out.probe(asked++ & 0xFFFF, 1000);
                out.flush(scratch, frame, told);
            } else {
                assertTrue(out.owe(frame.reset(FrameKind.PING).id(5)));
                out.flush(scratch, frame, told);
            }
        }
        channel.generous = true;
        out.flush(scratch, frame, told);
        assertFalse(out.wantsToWrite());

        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        int[] pings = {0};
        part(ByteBuffer.wrap(channel.taken.toByteArray()), new HeartbeatStream(codec, messages), heard, pings);
        assertEquals(said.toString(ISO_8859_1), heard.toString(ISO_8859_1));
        assertEquals(told.probes.size(), pings[0]);
        for (int i = 1; i < told.probes.size(); i++) {
            assertTrue(told.probes.get(i) > told.probes.get(i - 1));
        }
    }

    private static ByteBuffer message(Random random, boolean lines) {
        ByteBuffer message = ByteBuffer.allocate(64);
        int length = random.nextInt(40);
        if (!lines) {
            message.putShort((short) length);
        }
        for (int i = 0; i < length; i++) {
            message.put((byte) (lines ? 'a' + random.nextInt(26) : random.nextInt(256)));
        }
        if (lines) {
            message.put((byte) '\n');
        }
        return message.flip();
    }

    private void part(ByteBuffer in, HeartbeatStream stream, ByteArrayOutputStream heard, int[] pings) {
        while (in.hasRemaining()) {
            DecodeResult result = stream.next(in, frame);
            if (result == DecodeResult.HEARTBEAT) {
                pings[0] += frame.kind() == FrameKind.PING ? 1 : 0;
            } else {
                assertEquals(DecodeResult.NOT_HEARTBEAT, result);
                for (int i = stream.applicationBytes(); i > 0; i--) {
                    heard.write(in.get());
                }
            }
        }
    }

    @Test
    void pings_ofAPeerThatReadsNoAnswer_areBounded() throws IOException {
        Stingy blocked = new Stingy(new Random(0) {
            @Override
            public int nextInt(int bound) {
                return 0;
            }
        });
        Outbound out = new Outbound(blocked, Protocol.of(HeartbeatCodecs.line(), null));
        for (int i = 0; i < Outbound.MOST_OWED; i++) {
            assertTrue(out.owe(frame.reset(FrameKind.PING)));
            out.flush(scratch, frame, new Told());
        }
        assertFalse(out.owe(frame.reset(FrameKind.PING)));

        blocked.generous = true;
        out.flush(scratch, frame, new Told());
        assertEquals(6 * Outbound.MOST_OWED, blocked.taken.size());
        assertTrue(out.owe(frame.reset(FrameKind.PING)));
    }

    @Test
    void pings_withIdsWhileBlocked_areAnsweredWithTheLatest() throws IOException {
        Stingy blocked = new Stingy(new Random(0) {
            @Override
            public int nextInt(int bound) {
                return 0;
            }
        });
        Outbound out = new Outbound(blocked, Protocol.of(HeartbeatCodecs.binary(), null));
        for (int i = 0; i < 100_000; i++) {
            assertTrue(out.owe(frame.reset(FrameKind.PING).id(i % 100)));
        }
        blocked.generous = true;
        out.flush(scratch, frame, new Told());
        assertEquals(
                List.of((byte) 0x91, (byte) 99),
                List.of(blocked.taken.toByteArray()[0], blocked.taken.toByteArray()[1]));
        assertEquals(2, blocked.taken.size());
    }
}
