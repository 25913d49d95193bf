package dev.heartbeat.nio;

import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A probe's socket over UDP. It first learns the token of the place where the server sees it; shows it when it asks; and
 * asks for it again when the server has spoken, as the place may be another one by then.
 */
final class DatagramLine implements ProbeLine, KeyHandler {
    private static final int TOKEN = 1;
    private static final int RECEIPT = 2;
    private static final int ECHO = 3;
    private static final int CONFIRM = 4;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final NioHeartbeats heartbeats;
    private final SocketAddress address;
    private final HeartbeatCodec codec;
    private final HeartbeatFrame frame = new HeartbeatFrame();
    private final ByteBuffer token = ByteBuffer.allocate(AddressTokens.BYTES);
    private @Nullable DatagramChannel socket;
    private @Nullable SelectionKey key;
    private @Nullable Ear ear;
    private long delayMs;
    private boolean hasToken;
    private boolean confirming;

    DatagramLine(NioHeartbeats heartbeats, SocketAddress address) {
        this.heartbeats = heartbeats;
        this.address = address;
        this.codec = heartbeats.protocol().codec;
    }

    @Override
    public void open(long delayMs, Ear ear) throws IOException {
        this.ear = ear;
        this.delayMs = delayMs;
        DatagramChannel opened = DatagramChannel.open();
        boolean done = false;
        try {
            opened.configureBlocking(false);
            opened.connect(address);
            key = opened.register(heartbeats.selector(), SelectionKey.OP_READ, (KeyHandler) this);
            socket = opened;
            heartbeats.serveFrom(1);
            done = true;
        } finally {
            if (!done) {
                opened.close();
            }
        }
        send();
    }

    @Override
    public boolean askAgain() {
        send();
        return true;
    }

    @Override
    public boolean confirm() {
        confirming = true;
        send();
        return true;
    }

    /** Says what is to be said next. One that does not leave is lost, as any datagram may be. */
    private void send() {
        DatagramChannel its = socket;
        if (its == null) {
            return;
        }
        ByteBuffer out = ByteBuffer.allocate(2 * codec.maxFrameBytes());
        if (confirming || !hasToken) {
            codec.encode(out, withToken(frame.reset(FrameKind.PING).id(confirming ? CONFIRM : TOKEN)));
        } else {
            codec.encode(out, frame.reset(FrameKind.PING).id(RECEIPT));
            codec.encode(
                    out, withToken(frame.reset(FrameKind.ECHO_AFTER).id(ECHO).delayMs(delayMs)));
        }
        try {
            its.write(out.flip());
        } catch (IOException e) {
            // No route at the moment, or a port that nobody listened on when we spoke before.
        }
    }

    private HeartbeatFrame withToken(HeartbeatFrame asked) {
        return asked.payload(token, 0, AddressTokens.BYTES);
    }

    @Override
    public void ready() {
        DatagramChannel its = socket;
        ByteBuffer in = heartbeats.inbox();
        while (its != null && its.isOpen()) {
            in.clear();
            int bytes;
            try {
                bytes = its.read(in);
            } catch (IOException e) {
                return; // the host says that nobody listens there: it may lie, and the time to answer runs
            }
            if (bytes <= 0) {
                return;
            }
            in.flip();
            while (in.hasRemaining() && ear != null && codec.decode(in, frame) == DecodeResult.HEARTBEAT) {
                heard();
            }
            its = socket;
        }
    }

    private void heard() {
        Ear its = ear;
        if (its == null || frame.kind() != FrameKind.PONG || !frame.hasId()) {
            return; // anybody may send anything
        }
        switch ((int) Math.min(frame.id(), CONFIRM + 1)) {
            case TOKEN -> {
                if (!hasToken && frame.payloadLength() == AddressTokens.BYTES) {
                    token.clear();
                    frame.payloadTo(token);
                    hasToken = true;
                    if (delayMs == 0) {
                        its.onReceipt();
                    } else {
                        send();
                    }
                }
            }
            case RECEIPT -> its.onReceipt();
            case ECHO -> {
                if (frame.delayMs() == 0 || !isOurPlace()) {
                    its.onRefused(); // by a limit, or since we are seen elsewhere already
                } else {
                    its.onEcho(frame.delayMs() * NANOS_PER_MILLI);
                }
            }
            case CONFIRM -> its.onConfirmed(isOurPlace());
            default -> {}
        }
    }

    private boolean isOurPlace() {
        return frame.payloadLength() == AddressTokens.BYTES && AddressTokens.read(frame) == token.getLong(0);
    }

    @Override
    public void close(boolean byForce) {
        DatagramChannel its = socket;
        SelectionKey itsKey = key;
        ear = null;
        socket = null;
        key = null;
        if (itsKey != null) {
            itsKey.cancel();
            heartbeats.serveFrom(-1);
        }
        if (its != null) {
            Require.closeQuietly(its, byForce);
        }
    }
}
