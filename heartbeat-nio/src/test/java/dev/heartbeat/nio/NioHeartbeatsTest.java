package dev.heartbeat.nio;

import static dev.heartbeat.nio.Bytes.PING;
import static dev.heartbeat.nio.Bytes.bytes;
import static dev.heartbeat.nio.Bytes.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Liveness;
import dev.heartbeat.detect.FailureDetectors;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop, its listeners, many connections, bad arguments. */
@Timeout(60)
class NioHeartbeatsTest {
    private static final HeartbeatPolicy SILENT = Loop.listening(Duration.ofMillis(300));

    // ---- listeners

    @Test
    void listener_thatThrows_costsNobodyElse() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            loop.onDead = () -> {
                throw new IllegalArgumentException("listener");
            };
            for (int i = 0; i < 3; i++) {
                loop.heartbeats.open(loop.register(loop.connect().served()));
            }
            loop.until(() -> loop.dead.size() == 3);
            assertEquals(3, loop.errors.size());
            assertEquals(0, loop.heartbeats.monitor().statistics().open());
        }
    }

    @Test
    void listener_thatClosesTheOthers_isServed() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            List<SelectionKey> keys = new ArrayList<>();
            loop.onDead = () -> keys.forEach(loop.heartbeats::close);
            for (int i = 0; i < 5; i++) {
                SelectionKey key = loop.register(loop.connect().served());
                keys.add(key);
                loop.heartbeats.open(key);
            }
            loop.until(() -> loop.heartbeats.monitor().statistics().open() == 0);
            assertEquals(1, loop.dead.size());
            assertEquals(List.of(), loop.errors);
        }
    }

    // ---- the loop

    @Test
    void select_withNothingToDo_doesNotSpin() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofSeconds(30)))) {
            for (int i = 0; i < 20; i++) {
                loop.heartbeats.open(loop.register(loop.connect().served()));
            }
            int turns = 0;
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < 500_000_000L) {
                loop.heartbeats.select(Duration.ofMillis(100));
                turns++;
            }
            assertTrue(turns <= 12, "turns: " + turns);
        }
    }

    @Test
    void select_whileAHeartbeatWaitsForRoom_doesNotSpin() throws IOException {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(Duration.ofMillis(50))
                .ackTimeout(Duration.ofMillis(50))
                .failureDetector(FailureDetectors.consecutiveMisses(200))
                .build();
        try (Loop loop = new Loop(policy)) {
            Loop.Pair pair = loop.connect();
            pair.served().setOption(StandardSocketOptions.SO_SNDBUF, 4096);
            SelectionKey key = loop.register(pair.served());
            loop.heartbeats.open(key);
            int[] all = {0};
            Loop.Step fill =
                    () -> { // past us, so whole messages, for all we know; again, as the kernel makes more room
                        for (int written = 1; written > 0; all[0] += written) {
                            written = pair.served().write(ByteBuffer.wrap(text("x".repeat(4096))));
                        }
                    };
            int turns = 0;
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < 500_000_000L) {
                fill.run();
                loop.heartbeats.select(Duration.ofMillis(100));
                turns++;
                loop.selector.selectedKeys().clear();
            }
            assertTrue(turns <= 40, "turns: " + turns);
            loop.until(() -> (key.interestOps() & SelectionKey.OP_WRITE) != 0, fill);

            pair.client().configureBlocking(false);
            ByteBuffer in = ByteBuffer.allocate(1 << 16);
            int wanted = all[0] + 1;
            int[] arrived = {0};
            loop.until(() -> arrived[0] >= wanted, () -> {
                in.clear();
                arrived[0] += pair.client().read(in);
            });
            loop.until(() -> key.interestOps() == SelectionKey.OP_READ);
            assertEquals(List.of(), loop.causes);
        }
    }

    @Test
    void select_wokenUp_returnsAtOnce() throws Exception {
        try (Loop loop = new Loop(Loop.probing())) {
            loop.heartbeats.open(loop.register(loop.connect().served()));
            Thread waker = new Thread(() -> {
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                loop.selector.wakeup();
            });
            waker.start();
            loop.heartbeats.select();
            waker.join();
        }
    }

    @Test
    void input_thatWaitedWhileWeDidNotRun_isHeardBeforeAnyoneIsJudged() throws Exception {
        try (Loop loop = new Loop(SILENT)) {
            Loop.Pair pair = loop.connect();
            loop.heartbeats.open(loop.register(pair.served()));
            loop.until(() -> true);
            loop.heartbeats.select(Duration.ZERO);
            for (int i = 0; i < 3; i++) {
                Thread.sleep(260); // below what counts as a stall of ours
                pair.client().write(bytes(PING));
                Thread.sleep(100);
                loop.heartbeats.select(Duration.ofMillis(10));
                loop.readReady();
                loop.selector.selectedKeys().clear();
                loop.heartbeats.select(Duration.ZERO);
                assertEquals(List.of(), loop.causes, "round " + i);
            }
        }
    }

    // ---- many

    @Test
    void thousandConnections_areServed_andTheSilentOnesFound() throws IOException {
        try (Loop loop = new Loop(Loop.listening(Duration.ofMillis(2500)))) {
            List<Loop.Pair> pairs = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                pairs.add(loop.connect());
            }
            for (Loop.Pair pair : pairs) {
                loop.heartbeats.open(loop.register(pair.served()));
            }
            long[] nextNs = {System.nanoTime()};
            loop.until(() -> loop.dead.size() >= 500, () -> {
                loop.readReady();
                if (System.nanoTime() - nextNs[0] > 0) {
                    nextNs[0] += 300_000_000L;
                    for (int i = 0; i < 1000; i += 2) {
                        pairs.get(i).client().write(bytes(PING));
                    }
                }
            });
            assertEquals(500, loop.dead.size());
            for (int i = 0; i < 1000; i++) {
                assertEquals(i % 2 == 0, pairs.get(i).served().isOpen());
                pairs.get(i).client().close();
            }
        }
    }

    // ---- bad input

    @Test
    void arguments_thatAreNone_areRefused() throws IOException {
        try (Loop loop = new Loop(SILENT);
                Loop other = new Loop(SILENT)) {
            assertThrows(
                    NullPointerException.class, () -> NioHeartbeats.builder().policy(null));
            assertThrows(
                    NullPointerException.class, () -> NioHeartbeats.builder().on(null, loop));
            assertThrows(NullPointerException.class, () -> loop.heartbeats.open(null));
            assertThrows(NullPointerException.class, () -> loop.heartbeats.select(null));
            assertThrows(IllegalArgumentException.class, () -> loop.heartbeats.select(Duration.ofNanos(-1)));
            SelectionKey foreign = other.register(other.connect().served());
            assertThrows(IllegalArgumentException.class, () -> loop.heartbeats.open(foreign));
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            SelectionKey oneWay = pipe.source().register(loop.selector, SelectionKey.OP_READ);
            assertThrows(IllegalArgumentException.class, () -> loop.heartbeats.open(oneWay));
            pipe.sink().close();
        }
    }

    @Test
    void open_twice_isOneConnection() throws IOException {
        try (Loop loop = new Loop(SILENT)) {
            SelectionKey key = loop.register(loop.connect().served());
            assertEquals(loop.heartbeats.open(key), loop.heartbeats.heartbeat(key));
            assertEquals(Liveness.ALIVE, loop.heartbeats.heartbeat(key).liveness());
            assertEquals(1, loop.heartbeats.monitor().statistics().open());
        }
    }
}
