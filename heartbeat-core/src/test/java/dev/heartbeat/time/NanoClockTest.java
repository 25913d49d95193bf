package dev.heartbeat.time;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NanoClockTest {

    @Test
    void system_readBetweenTwoReadings_liesBetween() {
        final long before = System.nanoTime();
        final long reading = NanoClock.system().nanoTime();
        final long after = System.nanoTime();

        assertTrue(reading - before >= 0, () -> reading + " is before " + before);
        assertTrue(after - reading >= 0, () -> reading + " is after " + after);
    }
}
