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
            .interval(Duration.ofMillis(200))
            .probeWhen(Quiet.NEVER)
            .failureDetector(FailureDetectors.silence(2.0))
            .ackTimeout(Duration.ofMillis(200))
            .reverseProbe(true)
            .build();

    @Test
    @Timeout(30)
    void silentPlayer_leavesAndTheOtherStays() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (GameServer server = new GameServer(new InetSocketAddress(loopback, 0), POLICY);
                DatagramSocket silent = new DatagramSocket(0, loopback);
                DatagramSocket lively = new DatagramSocket(0, loopback)) {
            Thread loop = new Thread(server::run, "game");
            loop.start();
            silent.connect(server.address());
            lively.connect(server.address());
            lively.setSoTimeout(100);
            silent.send(ping(1));

            int answers = 0;
            boolean silentProbed = false;
            silent.setSoTimeout(1);
            // Until the silent one was asked for a last word, gave none, and the server has had time to be done with
            // it.
            for (int round = 0, after = 0; after < 10; round++) {
                lively.send(ping(round & 0xFFFF));
                answers += answers(lively, FrameKind.PONG);
                silentProbed |= answers(silent, FrameKind.PING) > 0;
                after += silentProbed ? 1 : 0;
            }
            assertTrue(answers > 0, "the lively one's pings were never answered");
            server.stop();
            loop.join();
            assertEquals(1, server.players());
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
