package dev.heartbeat.examples.lab.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatPolicy;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20) // less than the time for which a loop that is merely busy is waited for
class LoopTest {
    private final IOException broken = new IOException("broken");
    private final CountDownLatch turning = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);

    /** Its first turn fails once it is asked something. */
    private final class FailingLoop extends Loop {
        FailingLoop() throws IOException {
            super("failing", HeartbeatPolicy.client(), new Lateness());
        }

        @Override
        void ready(SelectionKey key) {}

        @Override
        Duration turn(long nowNs) throws IOException {
            turning.countDown();
            try {
                asked.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw broken;
        }

        @Override
        public void onDead(SelectionKey key, DeathCause cause) {}
    }

    @RepeatedTest(5) // the question may come before the end, or after it
    void ask_loopThatFails_failsAtOnceAndSaysWhy() throws Exception {
        Loop loop = new FailingLoop();
        loop.start();
        turning.await();
        asked.countDown();
        for (int question = 0; question < 2; question++) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> loop.ask(() -> 1));
            assertEquals("failing failed", refused.getMessage());
            assertSame(broken, refused.getCause());
        }
    }

    @Test
    void ask_loopThatWasClosed_failsAtOnce() throws Exception {
        DemoServer server = new DemoServer(new Settings(10, 1, 1), new Journal(), new Lateness());
        server.start();
        assertEquals(0, server.ask(server::holdings).sessions());
        server.close();
        assertThrows(IllegalStateException.class, () -> server.ask(server::holdings));
    }
}
