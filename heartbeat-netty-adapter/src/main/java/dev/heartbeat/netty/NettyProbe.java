package dev.heartbeat.netty;

import dev.heartbeat.interval.nat.ProbeOutcome;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One probe on its way: asked, silent, heard or, if not heard in time, in doubt until a fresh control connection has told
 * whether the server can be reached at all. What the server says meanwhile still counts.
 *
 * <p><b>Threading:</b> confined to the prober's event loop.
 */
final class NettyProbe extends ChannelInboundHandlerAdapter {
    /** Asks for an answer at once: when it comes, what was asked in the same breath has arrived too. */
    private static final int RECEIPT = 1;

    private static final int ECHO = 2;
    private static final int MOST_BYTES = 1024;
    private static final long LONG_STALL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long RECEIPT_LATE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private enum State {
        ASKING,
        SILENT,
        DOUBTING,
        ENDED
    }

    /** Told the end, once. */
    interface Report {
        void ended(ProbeOutcome outcome, long silenceNs);
    }

    private final NettySideProber prober;
    private final long idleNs;
    private final Report report;
    private final HeartbeatFrame frame = new HeartbeatFrame();
    private final ByteBuffer in = ByteBuffer.allocate(MOST_BYTES);
    private State state = State.ASKING;
    private boolean hasReceipt;
    private long silentSinceNs;
    private long echoAfterNs;
    private boolean stalled;
    private long dueNs;
    private @Nullable ScheduledFuture<?> due;
    private @Nullable EventLoop loop;
    private @Nullable ChannelFuture connecting;
    private @Nullable NettyProbe control;

    NettyProbe(NettySideProber prober, long idleNs, Report report) {
        this.prober = prober;
        this.idleNs = idleNs;
        this.report = report;
    }

    boolean isControl() {
        return idleNs == 0;
    }

    boolean hasBegun() {
        return loop != null;
    }

    /** There is no lane for it. */
    void refuse() {
        end(ProbeOutcome.REFUSED);
    }

    void begin(EventLoop on, ChannelFuture connected) {
        loop = on;
        connecting = connected;
        waitFor(prober.patienceNs);
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                end(ProbeOutcome.UNREACHABLE);
            }
        });
    }

    private void waitFor(long delayNs) {
        EventLoop its = loop;
        if (due != null) {
            due.cancel(false);
        }
        if (its != null && state != State.ENDED) {
            dueNs = System.nanoTime() + delayNs;
            due = its.schedule(this::due, delayNs, TimeUnit.NANOSECONDS);
        }
    }

    private void due() {
        if (state == State.ASKING) {
            end(ProbeOutcome.UNREACHABLE);
        } else if (state == State.SILENT) {
            boolean wasListening = System.nanoTime() - silentSinceNs - idleNs >= prober.patienceNs;
            stalled |= System.nanoTime() - dueNs >= LONG_STALL_NS;
            if (!wasListening) {
                waitFor(prober.patienceNs); // woken up for nothing but to see whether we are awake
            } else if (stalled) {
                end(ProbeOutcome.STALLED);
            } else {
                state = State.DOUBTING;
                control = new NettyProbe(prober, 0, (outcome, silenceNs) -> {
                    if (state == State.DOUBTING) {
                        end(outcome == ProbeOutcome.PROVEN ? ProbeOutcome.LOST : ProbeOutcome.UNREACHABLE);
                    }
                });
                prober.connect(control);
            }
        }
    }

    // ---- the connection

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what does not leave is not answered either
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.write(prober.protocol.write(frame.reset(FrameKind.PING).id(RECEIPT), ctx.alloc()));
        if (!isControl()) {
            long delayMs = (idleNs + 999_999) / 1_000_000;
            HeartbeatFrame request = frame.reset(FrameKind.ECHO_AFTER).id(ECHO).delayMs(delayMs);
            ctx.write(prober.protocol.write(request, ctx.alloc()));
        }
        ctx.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        try {
            if (msg instanceof ByteBuf bytes && bytes.readableBytes() <= in.remaining()) {
                in.limit(in.position() + bytes.readableBytes());
                bytes.readBytes(in);
                in.limit(MOST_BYTES);
                hear();
            } else {
                noise();
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void hear() {
        in.flip();
        while (in.hasRemaining() && state != State.ENDED) {
            DecodeResult result = prober.codec.decode(in, frame);
            if (result == DecodeResult.NEED_MORE) {
                break;
            }
            if (result != DecodeResult.HEARTBEAT) {
                in.position(in.limit());
                noise();
            } else if (frame.kind() != FrameKind.PONG) {
                noise();
            } else if (frame.id() == RECEIPT) {
                receipt();
            } else if (frame.delayMs() == 0) {
                end(ProbeOutcome.REFUSED);
            } else {
                echo(frame.delayNs());
            }
        }
        in.compact();
    }

    private void receipt() {
        if (state == State.ASKING) {
            hasReceipt = true;
            silentSinceNs = System.nanoTime();
            if (isControl()) {
                end(ProbeOutcome.PROVEN);
            } else {
                state = State.SILENT;
                waitFor(idleNs);
            }
        }
    }

    private void echo(long delayNs) {
        if (state == State.SILENT || state == State.DOUBTING) {
            long heardNs = System.nanoTime() - silentSinceNs;
            // Between what it said last and this, the server waited so long; a receipt that came late does not count.
            echoAfterNs = delayNs - heardNs < RECEIPT_LATE_NS ? Math.max(heardNs, delayNs) : heardNs;
            end(ProbeOutcome.PROVEN);
        }
    }

    private void noise() {
        if (state == State.SILENT) {
            end(ProbeOutcome.STALLED);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        broken(ProbeOutcome.CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            broken(ProbeOutcome.RESET);
        } else {
            end(ProbeOutcome.UNREACHABLE); // what was added for the framing cannot cope
        }
    }

    private void broken(ProbeOutcome how) {
        if (state == State.ASKING) {
            end(ProbeOutcome.UNREACHABLE);
        } else if (state == State.SILENT) {
            end(how);
        }
    }

    // ---- the end

    private void end(ProbeOutcome outcome) {
        if (state == State.ENDED) {
            return;
        }
        long silentNs = hasReceipt ? System.nanoTime() - silentSinceNs : 0;
        drop();
        report.ended(
                outcome,
                switch (outcome) {
                    case PROVEN -> echoAfterNs;
                    case LOST -> idleNs;
                    default -> silentNs;
                });
    }

    /** Ends it and tells nobody. */
    @SuppressWarnings("FutureReturnValueIgnored") // closed is closed
    void drop() {
        state = State.ENDED;
        if (due != null) {
            due.cancel(false);
        }
        if (control != null) {
            control.drop();
        }
        if (connecting != null) {
            connecting.cancel(false);
            connecting.channel().close();
        }
    }
}
