package dev.heartbeat.examples.phases;

import dev.heartbeat.Heartbeat;
import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Phase;
import dev.heartbeat.nio.NioHeartbeats;
import dev.heartbeat.nio.ReconnectingClient;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;

/** A client as an application on a phone has it: its owner looks at it, puts it away, and looks again. */
public final class PhasedClient {
    private final Duration foreground;
    private final Duration background;

    /**
     * A client of two intervals.
     *
     * @param foreground while someone is looking
     * @param background while nobody is
     */
    public PhasedClient(Duration foreground, Duration background) {
        this.foreground = foreground;
        this.background = background;
    }

    /**
     * Connects, and lives through the phases one after the other, each for the same time.
     *
     * @param server where
     * @param each how long a phase lasts
     * @param phases what its owner does
     * @throws IOException if there is no selector to be had
     */
    public void live(SocketAddress server, Duration each, Phase... phases) throws IOException {
        HeartbeatPolicy policy = HeartbeatPolicy.builder()
                .interval(IntervalStrategy.phased(foreground, background))
                .ackTimeout(foreground)
                .urgentAckTimeout(foreground.dividedBy(2))
                .build();
        try (Selector selector = Selector.open()) {
            NioHeartbeats heartbeats = NioHeartbeats.on(selector, policy, (key, cause) -> System.out.println(cause));
            ReconnectingClient client = ReconnectingClient.builder(heartbeats)
                    .to(server)
                    .policy(policy)
                    .start((it, data) -> data.position(data.limit()));
            while (!client.isConnected()) {
                heartbeats.select();
            }
            for (Phase phase : phases) {
                long nowNs = heartbeats.clock().nanoTime();
                System.out.println("now in the " + phase);
                for (Heartbeat heartbeat : client.heartbeat().stream().toList()) {
                    heartbeat.phase(phase, nowNs);
                }
                long endNs = nowNs + each.toNanos();
                for (long leftNs = each.toNanos();
                        leftNs > 0;
                        leftNs = endNs - heartbeats.clock().nanoTime()) {
                    heartbeats.select(Duration.ofNanos(leftNs));
                }
            }
            client.close();
        }
    }

    /**
     * Ten seconds each: looked at, put away, looked at again.
     *
     * @param args none
     * @throws IOException if there is no port or selector to be had
     */
    public static void main(String[] args) throws IOException {
        long startNs = System.nanoTime();
        try (ProbeWatcher watcher = new ProbeWatcher(announced -> System.out.printf(
                "%5.1f s: a ping; the next one within %s%n", (System.nanoTime() - startNs) / 1e9, announced))) {
            new PhasedClient(Duration.ofSeconds(1), Duration.ofSeconds(4))
                    .live(
                            watcher.address(),
                            Duration.ofSeconds(10),
                            Phase.FOREGROUND,
                            Phase.BACKGROUND,
                            Phase.FOREGROUND);
        }
    }
}
