package dev.heartbeat.examples.phases;

import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.function.Consumer;

/** The other end of the wire: a plain socket that answers pings and tells which interval each of them announced. */
public final class ProbeWatcher implements Closeable {
    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Consumer<Duration> pings;

    /**
     * A watcher that listens already, and serves one client in a thread of its own.
     *
     * @param pings told the announced interval of each ping, by that thread
     * @throws IOException if there is no port to be had
     */
    public ProbeWatcher(Consumer<Duration> pings) throws IOException {
        this.pings = pings;
        Thread thread = new Thread(this::serve, "probe-watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Where it listens.
     *
     * @return the address
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    private void serve() {
        HeartbeatCodec codec = HeartbeatCodecs.binary();
        HeartbeatFrame frame = new HeartbeatFrame();
        ByteBuffer in = ByteBuffer.allocate(1024);
        ByteBuffer out = ByteBuffer.allocate(codec.maxFrameBytes());
        try (Socket client = listening.accept()) {
            ReadableByteChannel bytes = Channels.newChannel(client.getInputStream());
            while (bytes.read(in) >= 0) {
                in.flip();
                while (codec.decode(in, frame) == DecodeResult.HEARTBEAT) {
                    if (frame.kind() == FrameKind.PING) {
                        pings.accept(Duration.ofMillis(frame.intervalMs()));
                        codec.encode(out.clear(), frame.answer());
                        client.getOutputStream().write(out.array(), 0, out.position());
                    }
                }
                in.compact();
            }
        } catch (IOException e) {
            System.out.println("the client is gone: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
