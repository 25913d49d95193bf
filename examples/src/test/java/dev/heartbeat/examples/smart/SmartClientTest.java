package dev.heartbeat.examples.smart;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SmartClientTest {
    @Test
    void run_nobodyListensOnAPort_losesThatPathAndReturns() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket taken = new DatagramSocket(0, loopback)) {
            // Hears itself alone: for everyone else the port is closed, and nobody can take it meanwhile.
            taken.connect(taken.getLocalSocketAddress());
            SmartClient client = new SmartClient();
            client.add("closed", false, new InetSocketAddress(loopback, taken.getLocalPort()), SmartPath.Pace.QUICK);
            assertFalse(client.run());
        }
    }
}
