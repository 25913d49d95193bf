package dev.heartbeat.nio;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Network or application? What the kernel knows of a connection whose peer is silent, for a
 * {@link NioListener#onSuspect} that wants to reconnect elsewhere or to wait.
 *
 * <p>It means something only after we have sent: the bytes that the peer's kernel has not acknowledged tell of the path,
 * all acknowledged and no answer tells of the process behind it. A proxy in between acknowledges for itself.
 */
public enum Diagnosis {
    /** Bytes of ours were never acknowledged: the path, or the peer's machine, is gone. */
    PATH,

    /** All bytes of ours were acknowledged: the peer's kernel lives, its application does not answer. */
    APPLICATION,

    /** It cannot be told: not on Linux, not a TCP socket, or closed. */
    UNKNOWN;

    private static final Path IPV4 = Path.of("/proc/net/tcp");
    private static final Path IPV6 = Path.of("/proc/net/tcp6");

    /** Stands between the addresses and the length of the send queue. */
    private static final String STATE = "01 ";

    /**
     * Looks the connection up in {@code /proc/net/tcp} and {@code tcp6}. It reads the lines of all connections of the
     * machine, so it is for the few that are suspect, and takes some microseconds for each that there is.
     *
     * <p><b>Threading:</b> safe in any thread.
     *
     * @param channel connected
     * @return what is seen at this moment
     */
    public static Diagnosis of(SocketChannel channel) {
        try {
            return of(channel.getLocalAddress(), channel.getRemoteAddress(), IPV4, IPV6);
        } catch (IOException | RuntimeException e) {
            return UNKNOWN;
        }
    }

    static Diagnosis of(@Nullable SocketAddress local, @Nullable SocketAddress remote, Path... tables)
            throws IOException {
        if (!(local instanceof InetSocketAddress ours) || !(remote instanceof InetSocketAddress theirs)) {
            return UNKNOWN;
        }
        for (Path table : tables) {
            if (Files.isReadable(table)) {
                Diagnosis found = in(table, ours, theirs);
                if (found != UNKNOWN) {
                    return found;
                }
            }
        }
        return UNKNOWN;
    }

    private static Diagnosis in(Path table, InetSocketAddress ours, InetSocketAddress theirs) throws IOException {
        String pair4 = hex(ours, false) + " " + hex(theirs, false) + " ";
        String pair6 = hex(ours, true) + " " + hex(theirs, true) + " ";
        try (BufferedReader lines = Files.newBufferedReader(table, US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int behind4 = behind(line, pair4);
                int behind = behind4 >= 0 ? behind4 : behind(line, pair6);
                if (behind >= 0) {
                    int queue = behind + STATE.length();
                    return Long.parseLong(line, queue, queue + 8, 16) > 0 ? PATH : APPLICATION;
                }
            }
        }
        return UNKNOWN;
    }

    private static int behind(String line, String part) {
        int at = line.indexOf(part);
        return at < 0 ? -1 : at + part.length();
    }

    /** As the kernel prints it: 32-bit words in the machine's own byte order; IPv4 in IPv6 where {@code wide} says so. */
    private static String hex(InetSocketAddress address, boolean wide) {
        InetAddress ip = address.getAddress();
        byte[] bytes = ip.getAddress();
        ByteBuffer words = ByteBuffer.allocate(wide || bytes.length == 16 ? 16 : 4);
        if (words.capacity() > bytes.length) {
            words.putInt(8, 0xFFFF);
        }
        words.put(words.capacity() - bytes.length, bytes);
        words.order(ByteOrder.nativeOrder());
        StringBuilder text = new StringBuilder();
        while (words.hasRemaining()) {
            text.append(String.format(Locale.ROOT, "%08X", words.getInt()));
        }
        return text.append(String.format(Locale.ROOT, ":%04X", address.getPort()))
                .toString();
    }
}
