package dev.heartbeat.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void needsALittleEndianLinux() {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "SKIPPED: no /proc/net/tcp here");
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "SKIPPED: the tables below are little-endian");
    }

    @Test
    void peer_thatTookEverything_isAnApplicationThatHangs() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(10)))) {
            Loop.Pair pair = loop.connect();
            pair.served().write(ByteBuffer.wrap(new byte[] {1}));
            loop.until(() -> Diagnosis.of(pair.served()) == Diagnosis.APPLICATION);
            pair.client().close();
            pair.served().close();
            assertEquals(Diagnosis.UNKNOWN, Diagnosis.of(pair.served()));
        }
    }

    @Test
    void peer_whoseKernelTakesNoMore_leavesBytesUnacknowledged() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(10)))) {
            Loop.Pair pair = loop.connect();
            pair.served().setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            ByteBuffer big = ByteBuffer.allocate(1 << 16);
            loop.until(() -> Diagnosis.of(pair.served()) == Diagnosis.PATH, () -> {
                big.clear();
                pair.served().write(big);
            });
            pair.client().close();
        }
    }

    @Test
    void tables_asTheKernelPrintsThem_areUnderstood() throws IOException {
        Path table = directory.resolve("tcp");
        Files.writeString(table, """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1F90 0200000A:D431 01 00000000:00000010 00:00000000 00000000     0        0 1 1
                   1: 0100007F:1F90 0300000A:D431 01 0000002A:00000000 01:00000014 00000003     0        0 2 1
                   2: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000400000A:D431 01 00000001:00000000 0
                """);
        InetSocketAddress ours = new InetSocketAddress("127.0.0.1", 8080);
        assertEquals(Diagnosis.APPLICATION, Diagnosis.of(ours, new InetSocketAddress("10.0.0.2", 54321), table));
        assertEquals(Diagnosis.PATH, Diagnosis.of(ours, new InetSocketAddress("10.0.0.3", 54321), table));
        assertEquals(Diagnosis.PATH, Diagnosis.of(ours, new InetSocketAddress("10.0.0.4", 54321), table));
        assertEquals(Diagnosis.UNKNOWN, Diagnosis.of(ours, new InetSocketAddress("10.0.0.5", 54321), table));
    }

    @Test
    void channel_thatIsNotConnected_isUnknown() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            assertEquals(Diagnosis.UNKNOWN, Diagnosis.of(channel));
        }
    }
}
