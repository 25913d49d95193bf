package dev.heartbeat.netty;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.interval.nat.SideProber;
import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tries idle times on sacrificial connections of Netty's, all on one event loop of the bootstrap's group.
 *
 * <p>Each probe connects to the same address and port as the user's channel, asks the server to speak after the silence
 * ({@code ECHO_AFTER}) and for a sign that it has heard that, and says nothing more. A server with a
 * {@link HeartbeatHandler} of the same codec does the rest unasked. Not heard in time, it opens a control connection: if
 * that is answered, the mapping was lost; if not, nothing is known.
 *
 * <pre>{@code
 * SideProber prober = NettySideProber.to(bootstrap, address, HeartbeatCodecs.binary(), pipeline -> {
 *     pipeline.addLast(new LengthFieldBasedFrameDecoder(65536, 0, 4, 0, 4));     // as in the user's own pipeline
 *     pipeline.addLast(new LengthFieldPrepender(4));
 * });
 * SmartInterval smart = SmartInterval.builder().probeWith(prober).build();
 * }</pre>
 *
 * <p>It is not for WebSocket, whose control frames cannot ask for an echo. Whatever else arrives on a probe's connection
 * during the silence spoils it.
 *
 * <p><b>Threading:</b> may be called by any thread; reports come from the event loop.
 */
public final class NettySideProber implements SideProber {
    static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(8);

    private static final int MOST_LANES = 64;

    final HeartbeatCodec codec;
    final CodecProtocol protocol;
    final long patienceNs;
    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final SocketAddress address;
    private final Consumer<ChannelPipeline> framing;
    private final int lanes;

    /** Those that were started. Who takes one out decides its end, the loop by a report or any thread by canceling. */
    private final Map<Long, NettyProbe> probes = new ConcurrentHashMap<>();

    private NettySideProber(
            Bootstrap bootstrap,
            SocketAddress address,
            HeartbeatCodec codec,
            Consumer<ChannelPipeline> framing,
            int lanes,
            Duration patience) {
        this.address = requireNonNull(address, "address");
        this.codec = requireNonNull(codec, "codec");
        this.framing = requireNonNull(framing, "framing");
        if (!codec.supports(FrameKind.ECHO_AFTER) || codec.correlation() != Correlation.BY_ID) {
            throw new IllegalArgumentException("codec: " + codec + " (expected: one that can ask for an echo)");
        }
        if (lanes < 1 || lanes > MOST_LANES) {
            throw new IllegalArgumentException("lanes: " + lanes + " (expected: from 1 to " + MOST_LANES + ")");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience: " + patience + " (expected: > 0)");
        }
        protocol = new CodecProtocol(codec);
        this.lanes = lanes;
        this.patienceNs = patience.toNanos();
        loop = bootstrap.config().group().next();
        this.bootstrap = bootstrap.clone(loop);
    }

    /**
     * Makes a prober with six lanes that gives an answer eight seconds.
     *
     * @param bootstrap with a group and a kind of channel; its handler is not used
     * @param address of the server: the one that the user's channel goes to
     * @param codec as the server's
     * @param framing adds to a probe's pipeline what stands before the heartbeats in the user's: TLS, a frame decoder
     * @return a prober
     * @throws IllegalArgumentException if the codec cannot ask for an echo
     */
    public static NettySideProber to(
            Bootstrap bootstrap, SocketAddress address, HeartbeatCodec codec, Consumer<ChannelPipeline> framing) {
        return to(bootstrap, address, codec, framing, 6, DEFAULT_PATIENCE);
    }

    /**
     * Makes a prober.
     *
     * @param bootstrap with a group and a kind of channel; its handler is not used
     * @param address of the server: the one that the user's channel goes to
     * @param codec as the server's
     * @param framing adds to a probe's pipeline what stands before the heartbeats in the user's: TLS, a frame decoder
     * @param lanes how many probes may be on their way at a time, from 1 to 64
     * @param patience how long connecting and an answer may take, and how much later than asked the server may be heard;
     *     greater than 0
     * @return a prober
     * @throws IllegalArgumentException if a number is out of its range, or the codec cannot ask for an echo
     */
    public static NettySideProber to(
            Bootstrap bootstrap,
            SocketAddress address,
            HeartbeatCodec codec,
            Consumer<ChannelPipeline> framing,
            int lanes,
            Duration patience) {
        return new NettySideProber(bootstrap, address, codec, framing, lanes, patience);
    }

    @Override
    public void start(long probeId, long idleNs, Listener listener, long nowNs) {
        requireNonNull(listener, "listener");
        long askedNs = System.nanoTime();
        long offsetNs = nowNs - askedNs;
        NettyProbe probe = new NettyProbe(this, idleNs, (outcome, silenceNs) -> {
            if (probes.remove(probeId) != null) {
                listener.onOutcome(probeId, outcome, silenceNs, System.nanoTime() + offsetNs);
            }
        });
        probes.put(probeId, probe);
        loop.execute(() -> begin(probeId, probe));
    }

    private void begin(long probeId, NettyProbe probe) {
        if (!probes.containsKey(probeId)) {
            return; // canceled meanwhile
        }
        long others = probes.values().stream()
                .filter(other -> other.hasBegun() && other.isControl() == probe.isControl())
                .count();
        if (others >= lanes) {
            probe.refuse();
        } else {
            connect(probe);
        }
    }

    /** Opens the connection of a probe, or of the control that follows it. */
    void connect(NettyProbe probe) {
        probe.begin(
                loop,
                bootstrap
                        .clone()
                        .handler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(io.netty.channel.Channel channel) {
                                framing.accept(channel.pipeline());
                                channel.pipeline().addLast(probe);
                            }
                        })
                        .connect(address));
    }

    @Override
    public void cancel(long probeId) {
        NettyProbe probe = probes.remove(probeId);
        if (probe == null) {
            return;
        }
        if (loop.inEventLoop()) {
            probe.drop();
        } else {
            loop.execute(probe::drop);
        }
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public String server() {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : address.toString();
    }

    @Override
    public String toString() {
        return "NettySideProber(" + server() + ")";
    }
}
