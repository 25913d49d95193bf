package dev.heartbeat.nio;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers heartbeats that come as datagrams, in the selector loop that calls {@link NioHeartbeats#select()}: pings at once,
 * and {@code ECHO_AFTER} after the silence that was asked for, four times a second and a half apart as datagrams get lost.
 *
 * <p>It is not to be had for attacks on others. An answer is never longer than its request, and each address gets so many
 * a second. Who asks to be spoken to later has to show that it receives what is sent to its address: the payload of the
 * request must begin with the eight bytes that stand in the answer to a ping with a payload of eight bytes or more. They
 * name the address and port that the ping came from, to whom knows a secret of this responder; a client that gets others
 * than before has moved to another port of its NAT.
 *
 * <p><b>Threading:</b> confined to the thread that runs the selector.
 */
public final class DatagramEchoes {
    private static final int MOST_PER_TURN = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final NioHeartbeats heartbeats;
    private final DatagramChannel channel;
    private final SelectionKey key;
    private final HeartbeatCodec codec;
    private final PendingEchoes pending;
    private final AddressTokens tokens = new AddressTokens();
    private final AnswerRate rate;
    private final Map<InetSocketAddress, DatagramEcho> byClient = new HashMap<>();
    private final HeartbeatFrame frame = new HeartbeatFrame();
    private final ByteBuffer in = ByteBuffer.allocateDirect(2048);
    private final ByteBuffer out = ByteBuffer.allocateDirect(2048);
    private final ByteBuffer answer = ByteBuffer.allocate(2048);
    private long answered;
    private long refused;
    private long dropped;

    private DatagramEchoes(NioHeartbeats heartbeats, DatagramChannel channel, int answersPerSecond) throws IOException {
        this.heartbeats = heartbeats;
        this.channel = requireNonNull(channel, "channel");
        this.codec = heartbeats.protocol().codec;
        this.pending = heartbeats.echoes();
        rate = new AnswerRate(answersPerSecond, heartbeats.clock().nanoTime());
        channel.configureBlocking(false);
        key = channel.register(heartbeats.selector(), SelectionKey.OP_READ, (KeyHandler) this::ready);
        heartbeats.serveFrom(1);
    }

    /**
     * Serves a channel, with at most 50 answers a second to each address.
     *
     * @param heartbeats whose loop it lives in; its codec and its {@link NioHeartbeatsBuilder#echoes limits} hold here too
     * @param channel bound, not connected; made non-blocking and registered
     * @return a responder at work
     * @throws IOException if the channel cannot be registered
     */
    public static DatagramEchoes serve(NioHeartbeats heartbeats, DatagramChannel channel) throws IOException {
        return serve(heartbeats, channel, 50);
    }

    /**
     * Serves a channel.
     *
     * @param heartbeats whose loop it lives in; its codec and its {@link NioHeartbeatsBuilder#echoes limits} hold here too
     * @param channel bound, not connected; made non-blocking and registered
     * @param answersPerSecond to one address (a network of 64 bits, of IPv6) at most, from 1 to 1 000 000; what is beyond is
     *     dropped. Addresses share 4096 counters, so it may be a little less
     * @return a responder at work
     * @throws IOException if the channel cannot be registered
     * @throws IllegalArgumentException if {@code answersPerSecond} is out of its range, or the codec cannot ask for an echo
     */
    public static DatagramEchoes serve(NioHeartbeats heartbeats, DatagramChannel channel, int answersPerSecond)
            throws IOException {
        HeartbeatCodec codec = heartbeats.protocol().codec;
        Require.that(codec.supports(FrameKind.ECHO_AFTER), "codec", codec, "one that can ask for an echo");
        Require.inRange("answersPerSecond", answersPerSecond, 1, 1_000_000);
        return new DatagramEchoes(heartbeats, channel, answersPerSecond);
    }

    /** Closes the channel; what was promised is not said any more. */
    public void close() {
        if (key.isValid()) {
            heartbeats.serveFrom(-1);
        }
        for (DatagramEcho echo : byClient.values()) {
            pending.over(echo);
        }
        byClient.clear();
        key.cancel();
        Require.closeQuietly(channel, false);
    }

    /**
     * How many heartbeats were answered.
     *
     * @return 0 or more; an echo counts once
     */
    public long answered() {
        return answered;
    }

    /**
     * How many echoes were refused.
     *
     * @return 0 or more
     */
    public long refused() {
        return refused;
    }

    /**
     * How many datagrams were dropped: no heartbeats, or more than an address may send.
     *
     * @return 0 or more
     */
    public long dropped() {
        return dropped;
    }

    // ---- what arrives

    private void ready() {
        for (int i = 0; i < MOST_PER_TURN && key.isValid(); i++) {
            in.clear();
            InetSocketAddress client;
            try {
                client = (InetSocketAddress) channel.receive(in);
            } catch (IOException e) {
                continue; // an answer of ours was refused by somebody's host: nothing to do with this one
            }
            if (client == null) {
                return;
            }
            in.flip();
            if (rate.allows(client.getAddress(), heartbeats.clock().nanoTime())) {
                answer(client);
            } else {
                dropped++;
            }
        }
    }

    private void answer(InetSocketAddress client) {
        out.clear();
        boolean any = false;
        while (in.hasRemaining()) {
            int from = in.position();
            if (codec.decode(in, frame) != DecodeResult.HEARTBEAT) {
                if (!any) {
                    dropped++;
                }
                break;
            }
            any = true;
            if (frame.kind() == FrameKind.PING) {
                heardPing(client);
            } else if (frame.kind() == FrameKind.ECHO_AFTER) {
                heardRequest(client, in.position() - from);
            }
        }
        send(out.flip(), client);
    }

    private void heardPing(InetSocketAddress client) {
        DatagramEcho its = byClient.get(client);
        if (frame.payloadLength() >= AddressTokens.BYTES) {
            if (its != null && its.isSpoken() && tokens.isOf(client, frame)) {
                over(its); // heard
            }
            tokens.write(client, frame);
        }
        answered++;
        codec.encode(out, frame.answer());
    }

    private void heardRequest(InetSocketAddress client, int requestBytes) {
        boolean hasRoom = frame.payloadLength() >= AddressTokens.BYTES;
        if (hasRoom && tokens.isOf(client, frame) && promise(client, requestBytes)) {
            return;
        }
        refused++;
        if (hasRoom) {
            tokens.write(client, frame);
        }
        if (frame.kind().isAnswered()) {
            frame.answer();
        }
        codec.encode(out, frame.delayMs(0));
    }

    private boolean promise(InetSocketAddress client, int requestBytes) {
        DatagramEcho its = byClient.get(client);
        if (its != null) {
            over(its); // asked once more: the silence begins anew
        }
        long delayNs = pending.limits().clamp(frame.delayNs());
        answer.clear();
        try {
            codec.encode(answer, frame.delayMs(delayNs / NANOS_PER_MILLI).answer());
        } catch (IllegalArgumentException e) {
            return false; // as long as can be, and the delay within limits takes a byte more
        }
        if (answer.flip().remaining() > requestBytes) {
            return false;
        }
        ByteBuffer kept = ByteBuffer.allocate(answer.remaining()).put(answer).flip();
        DatagramEcho echo = new DatagramEcho(this, pending, client, kept);
        if (pending.promise(
                echo, client.getAddress(), delayNs, heartbeats.clock().nanoTime())) {
            byClient.put(client, echo);
            return true;
        }
        return false;
    }

    void over(DatagramEcho echo) {
        byClient.remove(echo.client, echo);
        pending.over(echo);
    }

    void countAnswer() {
        answered++;
    }

    void send(ByteBuffer bytes, InetSocketAddress client) {
        if (bytes.hasRemaining()) {
            try {
                channel.send(bytes, client);
            } catch (IOException | RuntimeException e) {
                dropped++; // lost, as any datagram may be
            }
        }
    }

    /**
     * Where it listens.
     *
     * @return null if the channel is closed
     * @throws IOException as the channel does
     */
    public @Nullable InetSocketAddress localAddress() throws IOException {
        return channel.isOpen() ? (InetSocketAddress) channel.getLocalAddress() : null;
    }
}
