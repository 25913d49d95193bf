package dev.heartbeat.examples.blocking;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.HeartbeatService;
import dev.heartbeat.HeartbeatTransport;
import dev.heartbeat.WatchedConnection;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A blocking socket that speaks in lines, and its heartbeats: {@code PING 7} is answered by {@code PONG 7}, every other
 * line is the application's. Server and client are the same here; they differ in their policy.
 */
final class LineConnection implements HeartbeatTransport, Closeable {
    private static final int LONGEST_LINE = 8192;

    private final Socket socket;
    private final Executor writers;
    private final ReentrantLock writing = new ReentrantLock(); // a virtual thread may wait in it cheaply
    private volatile @Nullable WatchedConnection watched;

    interface LineHandler {
        void onLine(String line) throws IOException;
    }

    LineConnection(Socket socket, Executor writers) {
        this.socket = socket;
        this.writers = writers;
    }

    /** Reads until the peer is done, or dead. The calling thread is this connection's. */
    void readLines(HeartbeatService heartbeats, HeartbeatPolicy policy, LineHandler handler) {
        WatchedConnection its = heartbeats.open(this, policy);
        watched = its;
        try (this) {
            InputStream in = new BufferedInputStream(new HeardInput(socket.getInputStream(), its));
            for (String line = readLine(in); line != null; line = readLine(in)) {
                dispatch(line, its, handler);
            }
            its.lost(DeathCause.Kind.CLOSED_BY_PEER, "");
        } catch (IOException | NumberFormatException e) {
            // Also when the service found the peer dead and closed the socket: then this changes nothing.
            its.lost(DeathCause.Kind.TRANSPORT_ERROR, e.toString());
        }
    }

    private void dispatch(String line, WatchedConnection its, LineHandler handler) throws IOException {
        if (line.startsWith("PING ")) {
            its.pinged();
            send("PONG " + line.substring(5));
        } else if (line.startsWith("PONG ")) {
            its.acked(Integer.parseInt(line.substring(5)));
        } else {
            handler.onLine(line);
        }
    }

    void send(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        writing.lock();
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        } finally {
            writing.unlock();
        }
        WatchedConnection its = watched;
        if (its != null) {
            its.sent(); // the write has returned: it has left
        }
    }

    /** Called by the service's thread, which must not block: a write may, so another thread does it. */
    @Override
    public void sendProbe(long handle, int probeId) {
        try {
            writers.execute(() -> {
                WatchedConnection its = watched;
                try {
                    send("PING " + probeId);
                    if (its != null) {
                        its.probeSent(probeId);
                    }
                } catch (IOException e) {
                    if (its != null) {
                        its.lost(DeathCause.Kind.TRANSPORT_ERROR, e.toString());
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            // We are shutting down.
        }
    }

    @Override
    public void close(long handle, DeathCause cause) {
        close(); // the thread that reads gets an exception, and cleans up
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        byte[] line = new byte[LONGEST_LINE];
        for (int length = 0; length < line.length; length++) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            if (next == '\n') {
                return new String(line, 0, length, UTF_8);
            }
            line[length] = (byte) next;
        }
        throw new IOException("a line longer than " + LONGEST_LINE + " bytes");
    }

    /** Bytes that arrive are evidence of life, here where they are read: a line need not be whole. */
    private static final class HeardInput extends FilterInputStream {
        private final WatchedConnection watched;

        HeardInput(InputStream in, WatchedConnection watched) {
            super(in);
            this.watched = watched;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            if (count > 0) {
                watched.received();
            }
            return count;
        }
    }
}
