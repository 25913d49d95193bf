package dev.heartbeat.nio;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.Refusal;
import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One watched channel: the monitor's hands on one side, the application's reads and writes on the other. */
final class Connection implements HeartbeatTransport, Inbound.Witness, Outbound.Witness {
    /** What else wants to know of the end, before the listener: a channel or a client of ours. */
    interface Owner {
        void ended(DeathCause cause);
    }

    private static final long NANOS_PER_MILLI = 1_000_000;

    final SelectionKey key;
    final @Nullable Owner owner;
    long handle;

    private final Shared shared;
    private final HeartbeatPolicy policy;
    private final Protocol protocol;
    private final ByteChannel channel;
    private final Inbound in;
    private final Outbound out;
    private final Room room;
    private boolean endsWithInput;
    private boolean ended;
    private boolean abandoned;
    private @Nullable String offence;
    private @Nullable IOException broken;
    private @Nullable ConnectionEcho echo;

    Connection(
            Shared shared,
            SelectionKey key,
            ByteChannel channel,
            HeartbeatPolicy policy,
            Protocol protocol,
            @Nullable Owner owner) {
        this.shared = shared;
        this.key = key;
        this.channel = channel;
        this.policy = policy;
        this.protocol = protocol;
        this.owner = owner;
        in = new Inbound(channel, protocol);
        out = new Outbound(channel, protocol);
        room = new Room(this);
        endsWithInput = !shared.keepHalfOpen;
    }

    /** Is never kept half-open. */
    void endWithInput() {
        endsWithInput = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the host has closed the channel or canceled the key behind our back. */
    boolean isAbandoned() {
        return !key.isValid();
    }

    /** Whether it was so when the monitor gave the connection up. */
    boolean wasAbandoned() {
        return abandoned;
    }

    // ---- the application's side

    int read(ByteBuffer dst) throws IOException {
        if (offence != null) {
            throwOut();
        }
        int bytes;
        try {
            bytes = in.read(dst, shared.frame, this);
        } catch (IOException e) {
            failed(e);
            throw e;
        }
        if (bytes >= 0) {
            answer(bytes > 0);
        }
        IOException failure = broken;
        if (failure != null && bytes <= 0 && !ended) {
            failed(failure);
            throw failure;
        }
        if (bytes < 0) {
            endOfStream();
        } else if (offence != null && bytes > 0) {
            shared.offenders.add(
                    this); // the application goes on with what came before, and its key is good for that long
        } else if (offence != null) {
            throwOut();
        }
        return bytes == 0 && ended ? -1 : bytes;
    }

    /** Answers what was read; a failure is kept until the application has what was read with it. */
    private void answer(boolean any) {
        if (ended || offence != null || broken != null) {
            return;
        }
        try {
            flushOut();
        } catch (IOException e) {
            broken = e;
            if (any) {
                shared.offenders.add(this);
            }
        }
    }

    /** Broken, or the peer has broken a rule: it goes, now that no loop of the application is in the midst of its key. */
    void throwOut() {
        IOException failure = broken;
        String why = offence;
        if (failure != null && !ended) {
            failed(failure);
        } else if (why != null && !ended) {
            abuse(why);
        }
    }

    private void endOfStream() {
        if (ended) {
            return;
        }
        if (endsWithInput) {
            shared.monitor.lost(handle, DeathCause.Kind.CLOSED_BY_PEER, "", shared.clock.nanoTime());
        } else {
            shared.connections.keepHalfOpen(this, shared.monitor);
        }
    }

    int write(ByteBuffer src) throws IOException {
        try {
            int written = out.write(src, shared.scratch, shared.frame, this);
            room.written(written, src.hasRemaining());
            room.await(shared);
            return written;
        } catch (IOException e) {
            failed(e);
            throw e;
        }
    }

    /** Writes the heartbeats that wait; a failure is told, not thrown. */
    void flush() {
        try {
            flushOut();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void flushOut() throws IOException {
        if (out.wantsToWrite()) {
            out.flush(shared.scratch, shared.frame, this);
            room.await(shared);
        }
    }

    private void failed(IOException e) {
        if (ended) {
            closeChannel(true); // half-open: nobody else would
        } else {
            shared.monitor.lost(handle, DeathCause.Kind.TRANSPORT_ERROR, String.valueOf(e), shared.clock.nanoTime());
        }
    }

    /** The peer breaks a limit of a channel of ours. */
    void abuse(String detail) {
        if (!ended) {
            shared.monitor.lost(handle, DeathCause.Kind.ABUSE, detail, shared.clock.nanoTime());
        }
    }

    /** Whether heartbeats wait that could leave if the channel took them. */
    boolean waitsForRoom() {
        return !ended && key.isValid() && out.wantsToWrite();
    }

    // ---- what has arrived and left

    @Override
    public void arrived() {
        shared.monitor.received(handle, shared.clock.nanoTime());
        if (echo != null && echo.isSpoken()) {
            endEcho();
        }
    }

    @Override
    public boolean heard(HeartbeatFrame frame) {
        long nowNs = shared.clock.nanoTime();
        // The frame is good until somebody is told, who may probe or write, and so write over it.
        FrameKind kind = frame.kind();
        long sequence = kind == FrameKind.BEAT && frame.hasId() ? frame.id() : -1;
        long intervalNs = frame.hasInterval() ? frame.intervalNs() : -1;
        switch (kind) {
            case PING -> {
                boolean owed = out.owe(frame);
                heardFromPeer(sequence, intervalNs, nowNs);
                if (!ended && !owed) {
                    offence = "more than " + Outbound.MOST_OWED + " pings, and no answer of ours read";
                }
            }
            case BEAT -> heardFromPeer(sequence, intervalNs, nowNs);
            case ECHO_AFTER -> {
                boolean promised = promiseEcho(frame, nowNs);
                heardFromPeer(sequence, intervalNs, nowNs);
                if (!promised && !ended) {
                    shared.monitor.refused(handle, Refusal.ECHO_OVER_LIMIT);
                }
            }
            case PONG -> heardAnswer(frame, nowNs);
        }
        return !ended && offence == null;
    }

    private void heardFromPeer(long sequence, long intervalNs, long nowNs) {
        shared.monitor.pinged(handle, sequence, nowNs);
        if (!ended && intervalNs >= 0) {
            shared.monitor.announced(handle, intervalNs, nowNs);
        }
    }

    private void heardAnswer(HeartbeatFrame frame, long nowNs) {
        switch (protocol.correlation) {
            case BY_ID -> shared.monitor.acked(handle, frame.hasProbeId() ? frame.probeId() : ProbeRing.NONE, nowNs);
            case IN_ORDER -> shared.monitor.acked(handle, out.answered(), nowNs);
            case NONE -> shared.monitor.pinged(handle, nowNs);
        }
    }

    // ---- speaking after a time

    private boolean promiseEcho(HeartbeatFrame request, long nowNs) {
        PendingEchoes echoes = shared.echoes;
        long id = request.id();
        long delayNs = echoes.limits().clamp(request.delayNs());
        ByteBuffer answer = ByteBuffer.allocate(protocol.codec.maxFrameBytes());
        ConnectionEcho next = new ConnectionEcho(echoes, this, answer);
        if (echo == null
                && protocol.correlation == Correlation.BY_ID
                && request.hasDelay()
                && echoes.promise(next, remoteAddress(), delayNs, nowNs)) {
            try {
                protocol.codec.encode(
                        answer, request.delayMs(delayNs / NANOS_PER_MILLI).answer());
                answer.flip();
                echo = next;
                shared.monitor.policy(handle, shared.untilEcho, nowNs);
                return true;
            } catch (IllegalArgumentException e) {
                echoes.over(next); // as long as can be, and the delay within limits takes a byte more
                request.reset(FrameKind.ECHO_AFTER).id(id);
            }
        }
        if (!ended) {
            out.owe(request.delayMs(0));
        }
        return false;
    }

    private @Nullable InetAddress remoteAddress() {
        try {
            return channel instanceof SocketChannel socket
                            && socket.getRemoteAddress() instanceof InetSocketAddress address
                    ? address.getAddress()
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The time has come to say what was promised. */
    void say(ByteBuffer promised) {
        if (!ended && !isAbandoned()) {
            out.say(promised);
            flush();
        }
    }

    /** The connection is judged again as it was before. */
    void endEcho() {
        ConnectionEcho over = echo;
        if (over != null) {
            echo = null;
            shared.echoes.over(over);
            if (!ended) {
                shared.monitor.policy(handle, policy, shared.clock.nanoTime());
            }
        }
    }

    @Override
    public void malformed(String what) {
        shared.monitor.refused(handle, Refusal.MALFORMED_FRAME);
        offence = "malformed heartbeat: " + what;
    }

    @Override
    public void left() {
        if (!ended) {
            shared.monitor.sent(handle, shared.clock.nanoTime());
        }
    }

    @Override
    public void probeLeft(int probeId) {
        if (!ended) {
            shared.monitor.probeSent(handle, probeId, shared.clock.nanoTime());
        }
    }

    // ---- the monitor's side

    @Override
    public void sendProbe(long handle, int probeId) {
        if (isAbandoned()) {
            shared.connections.forget(this, shared.monitor);
            return;
        }
        long intervalNs = protocol.announces ? shared.monitor.intervalNs(handle, shared.clock.nanoTime()) : 0;
        out.probe(probeId, (intervalNs + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        flush();
    }

    @Override
    public void close(long handle, DeathCause cause) {
        abandoned = isAbandoned();
        end();
        closeChannel(cause.kind() != DeathCause.Kind.CLOSED_BY_PEER);
    }

    /** From now on nothing is read, written or told. */
    void end() {
        ended = true;
        endEcho();
    }

    /**
     * Closes the channel.
     *
     * @param byForce without leaving to the kernel what it could not get rid of: it would try for minutes
     */
    void closeChannel(boolean byForce) {
        Require.closeQuietly(channel, byForce);
        key.cancel();
    }
}
