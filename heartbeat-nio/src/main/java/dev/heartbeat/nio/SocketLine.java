package dev.heartbeat.nio;

import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A probe's connection over TCP, which repeats by itself what gets lost. */
final class SocketLine implements ProbeLine, KeyHandler, Inbound.Witness {
    /** Asks for an answer at once: when it comes, what was asked in the same breath has arrived too. */
    private static final int RECEIPT = 1;

    private static final int ECHO = 2;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final NioHeartbeats heartbeats;
    private final Supplier<? extends SocketAddress> address;
    private final Protocol protocol;
    private final HeartbeatFrame frame = new HeartbeatFrame();
    private @Nullable SocketChannel socket;
    private @Nullable SelectionKey key;
    private @Nullable Inbound in;
    private @Nullable ByteBuffer request;
    private @Nullable Ear ear;
    private boolean isSilent;

    SocketLine(NioHeartbeats heartbeats, Supplier<? extends SocketAddress> address) {
        this.heartbeats = heartbeats;
        this.address = address;
        this.protocol = heartbeats.protocol();
    }

    @Override
    public void open(long delayMs, Ear ear) throws IOException {
        this.ear = ear;
        ByteBuffer asked = ByteBuffer.allocate(2 * protocol.codec.maxFrameBytes());
        protocol.codec.encode(asked, frame.reset(FrameKind.PING).id(RECEIPT));
        if (delayMs > 0) {
            protocol.codec.encode(
                    asked, frame.reset(FrameKind.ECHO_AFTER).id(ECHO).delayMs(delayMs));
        }
        request = asked.flip();
        SocketChannel opened = SocketChannel.open();
        boolean done = false;
        try {
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            in = new Inbound(opened, protocol);
            socket = opened;
            boolean connected = opened.connect(address.get());
            key = opened.register(
                    heartbeats.selector(), connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, (KeyHandler)
                            this);
            heartbeats.serveFrom(1);
            done = true;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }

    @Override
    public boolean askAgain() {
        return false;
    }

    @Override
    public boolean confirm() {
        return false;
    }

    @Override
    public void ready() {
        SocketChannel its = socket;
        SelectionKey itsKey = key;
        if (its == null || itsKey == null) {
            return;
        }
        try {
            if (itsKey.isConnectable() && its.finishConnect()) {
                itsKey.interestOps(SelectionKey.OP_WRITE);
            }
            if (itsKey.isWritable()) {
                ask(its, itsKey);
            } else if (itsKey.isReadable()) {
                listen();
            }
        } catch (IOException e) {
            tellEnd(false);
        }
    }

    private void ask(SocketChannel its, SelectionKey itsKey) throws IOException {
        ByteBuffer asked = request;
        if (asked != null) {
            its.write(asked);
            if (!asked.hasRemaining()) {
                itsKey.interestOps(SelectionKey.OP_READ);
            }
        }
    }

    private void listen() throws IOException {
        Inbound input = in;
        if (input == null) {
            return;
        }
        ByteBuffer inbox = heartbeats.inbox().clear();
        boolean wasSilent = isSilent;
        int bytes = input.read(inbox, frame, this);
        Ear its = ear;
        if (bytes > 0 && its != null && wasSilent) {
            its.onNoise();
        } else if (bytes < 0) {
            tellEnd(true);
        }
    }

    private void tellEnd(boolean inOrder) {
        Ear its = ear;
        SelectionKey itsKey = key;
        if (itsKey != null && itsKey.isValid()) {
            itsKey.interestOps(0);
        }
        if (its != null) {
            its.onEnd(inOrder);
        }
    }

    @Override
    public void arrived() {
        // What, is told at once.
    }

    @Override
    public boolean heard(HeartbeatFrame heard) {
        Ear its = ear;
        if (its == null) {
            return false;
        }
        if (heard.kind() != FrameKind.PONG) {
            its.onNoise();
        } else if (heard.id() == RECEIPT) {
            isSilent = true;
            its.onReceipt();
        } else if (heard.delayMs() == 0) {
            its.onRefused();
        } else {
            its.onEcho(heard.delayMs() * NANOS_PER_MILLI);
        }
        return ear != null;
    }

    @Override
    public void malformed(String what) {
        Ear its = ear;
        if (its != null) {
            its.onNoise();
        }
    }

    @Override
    public void close(boolean byForce) {
        SocketChannel its = socket;
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
