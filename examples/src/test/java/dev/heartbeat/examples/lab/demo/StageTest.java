package dev.heartbeat.examples.lab.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.reconnect.Reconnect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole runs, of which only what is done to one client is looked at: how the others fare is the demo's own test. */
@Timeout(120)
class StageTest {
    private static final int CLIENTS = 10;
    private static final int SOMEBODY = 0;
    private static final double SCALE = 0.4;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    private static Plan.Act act(Settings settings, double at, Role role, Duration length) {
        return new Plan.Act(settings.at(at), role, SOMEBODY, length);
    }

    private Run play(Settings settings, Consumer<String> say, AtomicReference<Stage> made, Plan.Act... acts)
            throws Exception {
        Plan plan = new Plan(Collections.nCopies(CLIENTS, Role.QUIET), List.of(acts));
        try (Stage stage = new Stage(settings, plan, say)) {
            made.set(stage);
            return stage.play();
        }
    }

    @Test
    void fault_clientThatIsComingBack_waitsForItsNewConnection() throws Exception {
        Settings settings = settingsOfASwiftReturn();
        AtomicReference<Stage> made = new AtomicReference<>();
        Consumer<String> untilItIsLost = words -> {
            if (words.contains("vanish")) { // said just before the first of that kind is done
                awaitFewer(made.get());
            }
        };
        Run run = play(
                settings,
                untilItIsLost,
                made,
                act(settings, 2.5, Role.CUT_OFF, Duration.ZERO),
                act(settings, 2.6, Role.VANISHING, Duration.ZERO));
        long vanished = run.account().notices().stream()
                .filter(line -> line.fault().equals(Role.VANISHING.title()))
                .count();
        assertEquals(1, vanished, () -> "noticed: " + run.account().notices());
    }

    @Test
    void act_clientThatNeverComesBack_isLeftOutAndTheRunGoesOn() throws Exception {
        Settings settings = new Settings(CLIENTS, 1, SCALE);
        Run run = play(
                settings,
                said::add,
                new AtomicReference<>(),
                act(settings, 2.5, Role.VANISHING, Duration.ZERO),
                act(settings, 12, Role.SLOW, Duration.ZERO), // the server has given it up by now
                act(settings, 12.1, Role.FREEZING, settings.hold()),
                act(settings, 12.2, Role.CUT_OFF, Duration.ZERO));
        assertEquals(
                List.of(
                        "not done, as client 0 is not connected: frozen",
                        "not done, as client 0 is not connected: cut off"),
                said.stream().filter(words -> words.startsWith("not done")).toList());
        assertTrue(
                run.account().notices().stream().allMatch(line -> line.fault().equals(Role.VANISHING.title())));
    }

    /** With a seed that brings {@link #SOMEBODY} back well within the time for which a fault waits. */
    private static Settings settingsOfASwiftReturn() {
        for (long seed = 1; ; seed++) {
            Settings settings = new Settings(CLIENTS, seed, SCALE);
            Reconnect reconnect = settings.reconnectPolicy().start(0, ClientLoop.seed(settings, SOMEBODY));
            long connectedNs = reconnect.nextDelayNs(0);
            long epoch = reconnect.attempt(connectedNs);
            reconnect.connected(epoch, connectedNs);
            long lostNs = connectedNs + settings.at(5).toNanos();
            reconnect.lost(epoch, lostNs);
            double ofBackoff =
                    (double) reconnect.nextDelayNs(lostNs) / settings.backoff().toNanos();
            if (ofBackoff > 0.1 && ofBackoff < 0.25) {
                return settings;
            }
        }
    }

    private static void awaitFewer(Stage stage) {
        long startNs = System.nanoTime();
        while (stage.connected() == CLIENTS) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(60), "nobody was lost");
            Thread.onSpinWait();
        }
    }
}
