package dev.heartbeat.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpKeepAliveTest {
    private static final TcpKeepAlive USUAL = TcpKeepAlive.of(Duration.ofSeconds(60), Duration.ofSeconds(10), 6);

    @Test
    void apply_toASocket_saysForEachOptionWhatCameOfIt() throws IOException {
        try (SocketChannel socket = SocketChannel.open()) {
            TcpKeepAlive.Report report = USUAL.apply(socket);
            assertTrue(socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
            assertEquals(4, report.applied().size() + report.missing().size());
            if (socket.supportedOptions().stream()
                    .anyMatch(option -> option.name().equals("TCP_KEEPIDLE"))) {
                assertEquals(
                        Map.of(
                                "SO_KEEPALIVE", "true",
                                "TCP_KEEPIDLE", "60",
                                "TCP_KEEPINTERVAL", "10",
                                "TCP_KEEPCOUNT", "6"),
                        report.applied());
                assertTrue(report.isComplete());
            }
        }
    }

    @Test
    void apply_whereNothingIsSupported_saysWhy() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            TcpKeepAlive.Report report = USUAL.apply(channel);
            assertFalse(report.isComplete());
            assertEquals(
                    Set.of("SO_KEEPALIVE", "TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT"),
                    report.missing().keySet());
            assertTrue(report.missing().get("TCP_KEEPIDLE").contains("not supported"), report.toString());
        }
    }

    @Test
    void apply_toAClosedSocket_doesNotThrow() throws IOException {
        SocketChannel socket = SocketChannel.open();
        socket.close();
        assertTrue(USUAL.apply(socket).missing().get("SO_KEEPALIVE").contains("ClosedChannelException"));
    }

    @ParameterizedTest
    @CsvSource({"0,1000,1", "-1000,1000,1", "32768000,1000,1", "1500,1000,1", "1000,0,1", "1000,1000,0", "1000,1000,128"
    })
    void of_outOfRange_isRefused(long idleMs, long intervalMs, int count) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> TcpKeepAlive.of(Duration.ofMillis(idleMs), Duration.ofMillis(intervalMs), count));
        assertTrue(refused.getMessage().contains("(expected: "), refused.getMessage());
    }

    @Test
    void of_limits_areTaken() {
        assertEquals(
                "TcpKeepAlive(idle=32767s, interval=1s, count=127)",
                TcpKeepAlive.of(Duration.ofSeconds(32_767), Duration.ofSeconds(1), 127)
                        .toString());
        assertThrows(NullPointerException.class, () -> TcpKeepAlive.of(null, Duration.ofSeconds(1), 1));
    }
}
