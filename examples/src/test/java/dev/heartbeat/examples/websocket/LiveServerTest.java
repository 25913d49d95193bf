package dev.heartbeat.examples.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LiveServerTest {
    private static final HeartbeatPolicy HASTY = HeartbeatPolicy.builder()
            .interval(Duration.ofSeconds(1))
            .probeWhen(Quiet.INBOUND)
            .ackTimeout(Duration.ofSeconds(1))
            .failureDetector(FailureDetectors.consecutiveMisses(3))
            .build();

    @TempDir
    Path directory;

    @Test
    void visitor_ofAnyKind_isToldHowItsConnectionIs() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (LiveServer server = new LiveServer(0, HASTY)) {
            HttpClient http = HttpClient.newHttpClient();
            HttpResponse<String> page = http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, page.statusCode());
            assertTrue(page.body().contains("new WebSocket("));
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + server.port() + "/live"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket its, CharSequence data, boolean last) {
                            heard.add(data.toString());
                            its.request(1);
                            return null;
                        }
                    })
                    .get();
            String line = heard.poll(20, TimeUnit.SECONDS);
            assertTrue(line != null && line.startsWith("you ALIVE"), line);
            socket.sendText("hello me", true).get();
            await(server, news -> news.contains("me here, 1 online"));
            socket.abort();
            await(server, news -> news.stream().anyMatch(told -> told.startsWith("me DEAD: ")));
            awaitEmpty(server);
        }
    }

    @Test
    void browser_thatFreezes_isDeadAndReturns() throws Exception {
        try (LiveServer server = new LiveServer(0, HASTY)) {
            Process chromium = chromium("http://localhost:" + server.port() + "/");
            try {
                await(server, news -> news.stream().anyMatch(line -> line.endsWith("shows alive, returns 0")));
                Thread.sleep(3_000);
                assertEquals(
                        1,
                        server.room().size(),
                        "answers pings by itself: " + server.room().news());
                signal(chromium, "STOP");
                await(server, news -> news.stream().anyMatch(line -> line.contains("DEAD: PEER_SILENT")));
                awaitEmpty(server);
                signal(chromium, "CONT");
                await(server, news -> news.stream().anyMatch(line -> line.endsWith("shows alive, returns 1")));
                assertEquals(1, server.room().size());
            } finally {
                chromium.descendants().forEach(ProcessHandle::destroyForcibly);
                chromium.destroyForcibly().waitFor();
            }
        }
    }

    private Process chromium(String url) throws Exception {
        try {
            ProcessBuilder browser = new ProcessBuilder(
                            "chromium",
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--remote-debugging-port=0", // without it a headless browser leaves when the page is loaded
                            "--user-data-dir=" + directory.resolve("profile"),
                            url)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("chromium.log").toFile());
            browser.environment().put("TMPDIR", directory.toString());
            return browser.start();
        } catch (IOException e) {
            assumeTrue(false, "chromium is not installed");
            throw e;
        }
    }

    /** Freezes or thaws a browser, which is many processes. */
    private static void signal(Process browser, String name) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(browser.pid())));
        browser.descendants().forEach(process -> command.add(Long.toString(process.pid())));
        new ProcessBuilder(command).start().waitFor();
    }

    /** A death is told before the channel is closed, and the room is left when that has happened. */
    private static void awaitEmpty(LiveServer server) throws InterruptedException {
        await(server, news -> server.room().size() == 0);
    }

    private static void await(LiveServer server, Predicate<List<String>> condition) throws InterruptedException {
        long startNs = System.nanoTime();
        while (!condition.test(server.room().news())) {
            assertTrue(
                    System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30),
                    () -> "not in " + server.room().news());
            Thread.sleep(20);
        }
    }
}
