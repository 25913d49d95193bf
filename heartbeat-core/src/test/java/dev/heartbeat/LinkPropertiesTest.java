package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.detect.FailureDetectors;
import dev.heartbeat.testkit.InMemoryLink;
import dev.heartbeat.testkit.LinkEnd;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Promises 3, 9, 10 and 11 over a link in memory: a client and a server of the presets, and all that befalls them. */
class LinkPropertiesTest {
    private static final Duration TICKS = Duration.ofMillis(10);

    private static InMemoryLink presets(long originNs, long seed) {
        InMemoryLink link = new InMemoryLink(originNs, seed);
        link.near().watch(HeartbeatPolicy.client());
        link.far().watch(HeartbeatPolicy.server());
        return link;
    }

    private static Duration upTo(Random random, long longestMs) {
        return Duration.ofMillis((long) (random.nextDouble() * longestMs));
    }

    private static void assertBothAlive(InMemoryLink link) {
        assertEquals(
                Liveness.ALIVE,
                link.near().liveness(),
                () -> "" + link.near().listener().told());
        assertEquals(
                Liveness.ALIVE,
                link.far().liveness(),
                () -> "" + link.far().listener().told());
        assertEquals(0, link.near().monitor().statistics().errors());
        assertEquals(0, link.far().monitor().statistics().errors());
    }

    @Property(tries = 60)
    void evidenceWithinEveryWindow_nobodyIsEverSuspected(
            @ForAll(supplier = Origins.class) long originNs, @ForAll long seed, @ForAll boolean reordering) {
        Random random = new Random(seed);
        InMemoryLink link = presets(originNs, seed);
        link.toFar().delay(Duration.ZERO, upTo(random, 4_900)).duplication(random.nextDouble());
        link.toNear().delay(Duration.ZERO, upTo(random, 4_900)).duplication(random.nextDouble());
        link.toFar().reordering(reordering);
        link.toNear().reordering(reordering);
        for (int i = 0; i < 60; i++) {
            link.run(upTo(random, 120_000));
            (random.nextBoolean() ? link.near() : link.far()).send();
        }
        assertBothAlive(link);
        assertEquals(0, link.near().listener().count("suspect"));
        assertEquals(0, link.near().listener().count("miss"));
        assertEquals(0, link.far().listener().count("suspect"));
    }

    @Property(tries = 60)
    void slowIsNotDead_dataThatTricklesInAnswersForTheAck(
            @ForAll(supplier = Origins.class) long originNs, @ForAll long seed) {
        Random random = new Random(seed);
        InMemoryLink link = new InMemoryLink(originNs, seed);
        link.near().watch(HeartbeatPolicy.client());
        link.far().silent(true);
        for (int i = 0; i < 200; i++) {
            link.run(upTo(random, 9_900));
            link.far().send();
        }
        assertEquals(Liveness.ALIVE, link.near().liveness());
        assertEquals(0, link.near().listener().count("miss"));
    }

    @Property(tries = 120)
    void whateverHappensToThePath_theDeadAreFoundInTime(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll long seed,
            @ForAll @IntRange(max = 200) int atSeconds,
            @ForAll boolean bothWays) {
        InMemoryLink link = presets(originNs, seed);
        link.toFar().delay(Duration.ofMillis(1), Duration.ofMillis(100)).loss(0.02);
        link.toNear().delay(Duration.ofMillis(1), Duration.ofMillis(100)).loss(0.02);
        link.run(Duration.ofSeconds(atSeconds));
        link.toNear().blackHole(bothWays);
        link.toFar().blackHole(true);
        link.run(Duration.ofSeconds(62));
        assertEquals(Liveness.CLOSED, link.far().liveness());
        if (!bothWays) {
            link.run(Duration.ofSeconds(56)); // until the far end's last word the near end still heard something
        }
        assertEquals(Liveness.CLOSED, link.near().liveness());
        assertEquals(1, link.near().listener().count("dead"));
        assertEquals(1, link.far().listener().count("dead"));
    }

    @Property(tries = 120)
    void stallOfOurs_nobodyDiesBeforeTheQueueWasHeard(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll long seed,
            @ForAll boolean near,
            @ForAll @IntRange(min = 1, max = 12) int stalls) {
        Random random = new Random(seed);
        InMemoryLink link = presets(originNs, seed);
        link.toFar().delay(Duration.ofMillis(1), Duration.ofMillis(500));
        link.toNear().delay(Duration.ofMillis(1), Duration.ofMillis(500));
        LinkEnd stalled = near ? link.near() : link.far();
        // The other side gives a frozen peer the time that it needs; this is about what the frozen one thinks.
        HeartbeatPolicy patient = HeartbeatPolicy.builder()
                .failureDetector(FailureDetectors.silence(Duration.ofHours(20)))
                .build();
        LinkEnd other = near ? link.far() : link.near();
        other.monitor().policy(other.handle(), patient, other.nowNs());
        for (int i = 0; i < stalls; i++) {
            link.run(upTo(random, 70_000));
            stalled.freeze(true);
            link.run(upTo(random, random.nextBoolean() ? 3_600_000 : 20_000));
            stalled.freeze(false);
            assertEquals(0, stalled.listener().count("dead"));
        }
        link.run(Duration.ofSeconds(100));
        assertEquals(
                Liveness.ALIVE,
                stalled.liveness(),
                () -> "" + stalled.listener().told());
        assertEquals(0, stalled.listener().count("dead"));
        assertEquals(
                0,
                stalled.listener().count("miss"),
                () -> "" + stalled.listener().told());
    }

    @Property(tries = 120)
    void stallOfOurs_thoseReallyDeadAreFoundAfterItsLength(
            @ForAll(supplier = Origins.class) long originNs,
            @ForAll long seed,
            @ForAll boolean near,
            @ForAll @IntRange(max = 80) int diesAt,
            @ForAll @IntRange(max = 140) int stallsAt,
            @ForAll @IntRange(min = 1, max = 4_000) int stallSeconds) {
        InMemoryLink link = presets(originNs, seed);
        LinkEnd stalled = near ? link.near() : link.far();
        link.run(Duration.ofSeconds(Math.min(diesAt, stallsAt)));
        if (diesAt <= stallsAt) {
            (near ? link.toNear() : link.toFar()).blackHole(true);
            link.run(Duration.ofSeconds(stallsAt - diesAt));
        }
        boolean foundBefore = stalled.liveness() == Liveness.CLOSED;
        stalled.freeze(true);
        (near ? link.toNear() : link.toFar()).blackHole(true);
        link.run(Duration.ofSeconds(stallSeconds));
        stalled.freeze(false);
        Duration stall = stalled.monitor().statistics().stalled();
        assertTrue(stall.compareTo(Duration.ofSeconds(stallSeconds + 46)) <= 0, "stalled " + stall);
        // The whole time between the two turns was taken out, the planned sleep before the stall included.
        link.run(Duration.ofSeconds(62).plus(Duration.ofSeconds(46)));
        assertEquals(
                Liveness.CLOSED,
                stalled.liveness(),
                () -> "" + stalled.listener().told());
        assertEquals(1, stalled.listener().count("dead"));
        assertTrue(foundBefore || stalled.listener().causes().get(0).kind() == DeathCause.Kind.PEER_SILENT);
    }

    @Property(tries = 120)
    void jumpsOfTheClock_killNobodyAndHideNobody(
            @ForAll(supplier = Origins.class) long originNs, @ForAll long seed, @ForAll boolean near) {
        Random random = new Random(seed);
        InMemoryLink link = presets(originNs, seed);
        link.toFar().delay(Duration.ofMillis(1), Duration.ofMillis(300));
        link.toNear().delay(Duration.ofMillis(1), Duration.ofMillis(300));
        LinkEnd jumping = near ? link.near() : link.far();
        for (int i = 0; i < 20; i++) {
            link.run(upTo(random, 50_000).plusSeconds(12));
            long sign = random.nextBoolean() ? 1 : -1;
            jumping.jumpClock(upTo(random, 1_800_000).multipliedBy(sign));
            if (random.nextBoolean()) {
                jumping.send();
            }
        }
        link.run(Duration.ofSeconds(60));
        assertEquals(
                0,
                jumping.listener().count("dead"),
                () -> "" + jumping.listener().told());
        assertEquals(Liveness.ALIVE, jumping.liveness());
        assertEquals(
                0, link.near().listener().count("dead") + link.far().listener().count("dead"));

        (near ? link.toNear() : link.toFar()).blackHole(true);
        link.run(Duration.ofSeconds(61));
        assertEquals(Liveness.CLOSED, jumping.liveness());
    }

    @Property(tries = 60)
    void clockThatStandsStillInSuspend_isAShortNight(
            @ForAll(supplier = Origins.class) long originNs, @ForAll long seed, @ForAll boolean peerDies) {
        Random random = new Random(seed);
        InMemoryLink link = new InMemoryLink(originNs, seed); // the far end only answers, and gives nobody up
        link.near().watch(HeartbeatPolicy.client());
        link.run(upTo(random, 70_000));
        Duration night = upTo(random, 40_000);
        link.near().freeze(true);
        link.toNear().blackHole(peerDies);
        link.run(night);
        link.near().jumpClock(night.negated());
        link.near().freeze(false);
        link.run(Duration.ofSeconds(61));
        assertEquals(peerDies ? Liveness.CLOSED : Liveness.ALIVE, link.near().liveness());
    }

    @Property(tries = 60)
    void writeThatIsStuck_isFoundAsSuch(@ForAll(supplier = Origins.class) long originNs, @ForAll long seed) {
        InMemoryLink link = presets(originNs, seed);
        link.run(upTo(new Random(seed), 100_000));
        int before = link.near().departures().size();
        link.near().stuck(true);
        link.run(Duration.ofSeconds(60).plus(TICKS));
        assertEquals(before, link.near().departures().size());
        assertEquals(
                DeathCause.Kind.PROBE_UNWRITTEN,
                link.near().listener().causes().get(0).kind());
    }

    @Test
    void end_thatGaveTheLinkUp_isNotHeardOfAnyMore() {
        InMemoryLink link = presets(0, 1);
        link.run(Duration.ofSeconds(10));
        link.near().monitor().close(link.near().handle());
        int before = link.near().departures().size();
        link.near().send();
        link.run(Duration.ofMinutes(2));
        assertEquals(before, link.near().departures().size());
        assertEquals(Liveness.CLOSED, link.far().liveness());
        link.near().watch(HeartbeatPolicy.client()); // a new connection
        link.far().watch(HeartbeatPolicy.server());
        link.run(Duration.ofMinutes(10));
        assertBothAlive(link);
    }
}
