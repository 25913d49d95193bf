package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.reconnect.ReconnectPolicy;
import java.time.Duration;

/**
 * How long everything takes in one run: the usual proportions, shortened so that a run fits into half a minute.
 *
 * @param clients how many
 * @param seed of all that is drawn
 * @param scale 1 for the demo; less for a test that is in a hurry
 */
record Settings(int clients, long seed, double scale) {
    static final int FEWEST = 10;
    static final int MOST = 1000;
    static final int MISSES = 3;
    static final double WINDOW = 1.5;
    static final double JITTER = 0.1;
    static final Duration TICK = Duration.ofMillis(16); // the monitor's default

    Settings {
        if (clients < FEWEST || clients > MOST) {
            throw new IllegalArgumentException(
                    "clients: " + clients + " (expected: from " + FEWEST + " to " + MOST + ")");
        }
    }

    private Duration ms(long ms) {
        return Duration.ofNanos((long) (ms * 1e6 * scale));
    }

    Duration interval() {
        return ms(1000);
    }

    Duration ackTimeout() {
        return ms(900);
    }

    /** The interval of a sleepy client, until it has lost its mapping once. */
    Duration sleepyInterval() {
        return ms(5000);
    }

    /** How long the NAT remembers a silent link. */
    Duration natTimeout() {
        return ms(3000);
    }

    /** How long the server waits for the answer to its last word. */
    Duration lastWordTimeout() {
        return ms(1000);
    }

    /** The longest wait before the first attempt to come back. */
    Duration backoff() {
        return ms(1000);
    }

    Duration chatEvery() {
        return ms(400);
    }

    Duration shortestDelay() {
        return ms(100);
    }

    Duration longestDelay() {
        return ms(480);
    }

    Duration hold() {
        return ms(900);
    }

    Duration freeze() {
        return ms(6000);
    }

    Duration stall() {
        return ms(2000);
    }

    /** An instant of the plot, from the beginning. */
    Duration at(double seconds) {
        return ms((long) (seconds * 1000));
    }

    /** Probes when nothing has left for an interval; three misses are death. */
    HeartbeatPolicy clientPolicy(boolean sleepy) {
        return HeartbeatPolicy.builder()
                .interval(sleepy ? sleepyInterval() : interval())
                .probeWhen(Quiet.OUTBOUND)
                .ackTimeout(ackTimeout())
                .failureDetector(FailureDetectors.consecutiveMisses(MISSES))
                .jitter(JITTER)
                .build();
    }

    /** Listens; 1.5 times the announced interval, and one probe of its own, before it gives a client up. */
    HeartbeatPolicy serverPolicy() {
        return HeartbeatPolicy.builder()
                .interval(interval())
                .probeWhen(Quiet.NEVER)
                .ackTimeout(lastWordTimeout())
                .failureDetector(FailureDetectors.silence(WINDOW))
                .reverseProbe(true)
                .announcedBetween(Duration.ofMillis(50), Duration.ofMinutes(1))
                .build();
    }

    ReconnectPolicy reconnectPolicy() {
        return ReconnectPolicy.builder()
                .initial(backoff())
                .max(backoff().multipliedBy(4))
                .stableAfter(interval())
                .build();
    }

    /** How long the server may hear nothing from a client that announced this interval, before it is dead. */
    Duration serverPatience(Duration announced) {
        return Duration.ofNanos((long) (WINDOW * announced.toNanos())).plus(lastWordTimeout());
    }

    /** The same of a client: the probes alone. Until the first of them up to an interval more may pass. */
    Duration clientPatience() {
        return ackTimeout().multipliedBy(MISSES);
    }
}
