package dev.heartbeat.examples.ownloop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.FrameKind;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GameServerTest {
    private static final HeartbeatPolicy POLICY = HeartbeatPolicy.builder()
            .interval(Duration.ofMillis(600))
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(2.0))
            .ackTimeout(Duration.ofMillis(600))
            .reverseProbe(true)
            .build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    @Timeout(60)
    void silentPlayer_leavesAndTheOtherStays() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (GameServer server = new GameServer(new InetSocketAddress(loopback, 0), POLICY);
                DatagramSocket silent = new DatagramSocket(0, loopback);
                DatagramSocket lively = new DatagramSocket(0, loopback)) {
            Thread loop = new Thread(server::run, "game");
            loop.setDaemon(true);
            loop.start();
            silent.connect(server.address());
            lively.connect(server.address());
            lively.setSoTimeout(100);
            silent.send(ping(1));

            boolean silentProbed = false;
            silent.setSoTimeout(1);
            long startNs = System.nanoTime();
            // Until the silent one was asked for a last word, gave none, and the server was done with it.
            for (int round = 0; !silentProbed || server.players() > 1; round++) {
                assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "still there: " + server.players());
                lively.send(ping(round & 0xFFFF));
                answers(lively, FrameKind.PONG);
                silentProbed |= answers(silent, FrameKind.PING) > 0;
            }
            lively.setSoTimeout((int) PATIENCE.toMillis());
            lively.send(ping(7));
            lively.receive(new DatagramPacket(new byte[1500], 1500));
            assertEquals(1, server.players(), "it was the lively one that left, and has joined again");
        }
    }

    private static DatagramPacket ping(int id) {
        ByteBuffer bytes = ByteBuffer.allocate(125);
        HeartbeatCodecs.binary()
                .encode(bytes, new HeartbeatFrame().reset(FrameKind.PING).id(id));
        return new DatagramPacket(bytes.array(), bytes.position());
    }

    private static int answers(DatagramSocket socket, FrameKind kind) throws Exception {
        HeartbeatCodec codec = HeartbeatCodecs.binary();
        HeartbeatFrame frame = new HeartbeatFrame();
        int answers = 0;
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                socket.receive(packet);
                ByteBuffer bytes = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
                if (codec.decodeMessage(bytes, frame) == DecodeResult.HEARTBEAT && frame.kind() == kind) {
                    answers++;
                }
            }
        } catch (SocketTimeoutException nothingMore) {
            return answers;
        }
    }
}
