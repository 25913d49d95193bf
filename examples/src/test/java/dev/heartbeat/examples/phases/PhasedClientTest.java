package dev.heartbeat.examples.phases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.interval.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PhasedClientTest {
    @Test
    @Timeout(60)
    void pings_announceThePhasesIntervals_inTheirOrder() throws Exception {
        Duration foreground = Duration.ofMillis(500);
        Duration background = Duration.ofMillis(1500);
        List<Duration> announced = Collections.synchronizedList(new ArrayList<>());
        try (ProbeWatcher watcher = new ProbeWatcher(announced::add)) {
            new PhasedClient(foreground, background)
                    .live(
                            watcher.address(),
                            Duration.ofSeconds(3),
                            Phase.FOREGROUND,
                            Phase.BACKGROUND,
                            Phase.FOREGROUND);
        }
        int firstLong = announced.indexOf(background);
        int lastLong = announced.lastIndexOf(background);
        assertTrue(firstLong > 0, "looked at first: " + announced);
        assertTrue(lastLong < announced.size() - 1, "looked at again: " + announced);
        assertEquals(
                Collections.nCopies(lastLong - firstLong + 1, background),
                announced.subList(firstLong, lastLong + 1),
                "put away in between");
        // Three at most, and two for answers that this machine was late with: after a miss the next one leaves at once.
        assertTrue(lastLong - firstLong + 1 <= 5, "seldom while nobody looks: " + announced);
    }
}
