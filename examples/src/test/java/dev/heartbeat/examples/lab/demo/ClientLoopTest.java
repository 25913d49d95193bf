package dev.heartbeat.examples.lab.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClientLoopTest {
    private static final int PATIENCE_MS = 20_000;

    private final Settings settings = new Settings(10, 1, 0.5);

    @Test
    void chattyClient_resetJustBeforeItSpeaks_comesBackAndTheLoopGoesOn() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ClientLoop loop = new ClientLoop(
                        "clients", settings, server.getLocalSocketAddress(), new Journal(), new Lateness())) {
            server.setSoTimeout(PATIENCE_MS);
            loop.start();
            loop.tell(() -> loop.add(0, Role.CHATTY));
            Socket first = server.accept();
            assertEquals("HELLO 0 1\n", hear(first));
            // The loop is busy, so that it learns of the reset by its own next word, which is due when it is not.
            loop.ask(() -> {
                first.setSoLinger(true, 0);
                first.close();
                Thread.sleep(settings.chatEvery().toMillis() + 200);
                return true;
            });
            try (Socket second = server.accept()) {
                assertEquals("HELLO 0 2\n", hear(second));
            }
        }
    }

    private static String hear(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        return new String(socket.getInputStream().readNBytes(10), US_ASCII);
    }
}
