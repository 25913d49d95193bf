package dev.heartbeat.interval.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.interval.IntervalStrategy;
import dev.heartbeat.interval.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmartIntervalTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Clock WALL = Clock.fixed(Instant.parse("2026-05-01T00:00:00Z"), ZoneOffset.UTC);

    private final FakePath path = new FakePath(300 * SECOND);
    private final FakeLink link = new FakeLink();
    private final NetworkProfileStore store = NetworkProfileStore.inMemory();
    private final List<Long> lost = new ArrayList<>();
    private long nowNs;

    private SmartIntervalBuilder builder() {
        return SmartInterval.builder()
                .between(Duration.ofSeconds(5), Duration.ofMinutes(30))
                .probeWith(path)
                .rememberIn(store)
                .wallClock(WALL)
                .onPathLost(lost::add);
    }

    private void settle(SmartInterval smart) {
        smart.poll(nowNs);
        while (smart.state() != SearchState.SETTLED) {
            nowNs = path.nextDueNs(nowNs);
            path.fire(nowNs);
        }
    }

    private SmartInterval settled(long originNs) {
        nowNs = originNs;
        SmartInterval smart = builder().build();
        smart.onOpened(link, nowNs);
        settle(smart);
        return smart;
    }

    private void miss(SmartInterval smart) {
        nowNs += 2 * SECOND;
        link.misses++;
        smart.onMiss(link, 2 * SECOND, nowNs);
    }

    @ParameterizedTest
    @ValueSource(longs = {0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 7_000_000_000L})
    void intervalNs_afterTheSearch_isTheEstimateLessTheSlack(long originNs) {
        SmartInterval smart = settled(originNs);
        assertEquals(300, smart.estimate().toNanos() / 1e9, 6);
        assertEquals(smart.estimate().minus(smart.slack()), Duration.ofNanos(smart.intervalNs(link, nowNs)));
        assertTrue(smart.slack().compareTo(Duration.ofSeconds(10)) <= 0);
    }

    @Test
    void intervalNs_beforeAnyProof_isTheSafeStart() {
        SmartInterval smart = builder().safeStart(Duration.ofSeconds(7)).build();
        assertEquals(7 * SECOND, smart.intervalNs(link, 0));
        assertTrue(path.underWay() > 0);
    }

    @Test
    void intervalNs_inForeground_isShort() {
        SmartInterval smart = builder().inForeground(Duration.ofSeconds(30)).build();
        smart.onOpened(link, 0);
        settle(smart);
        link.phase = Phase.FOREGROUND;
        assertEquals(30 * SECOND, smart.intervalNs(link, nowNs));
        link.phase = Phase.BACKGROUND;
        assertTrue(smart.intervalNs(link, nowNs) > 200 * SECOND);
    }

    @Test
    void onMiss_thenAnswered_isNoReasonToShrink() {
        SmartInterval smart = settled(0);
        Duration before = smart.estimate();
        miss(smart);
        miss(smart);
        smart.onAck(link, 2 * SECOND, nowNs + SECOND / 10);
        assertEquals(before, smart.estimate());
        assertEquals(0, path.controls);
        assertEquals(SearchState.SETTLED, smart.state());
    }

    @Test
    void onMiss_whileAFreshConnectionWorks_isTheEndOfThisOneAndShrinks() {
        SmartInterval smart = settled(0);
        for (int i = 0; i < 3; i++) {
            miss(smart);
        }
        assertEquals(1, path.controls);
        path.fire(nowNs + SECOND);
        assertEquals(List.of(), lost);
        miss(smart);
        assertEquals(List.of(), lost, "this try left before the control was answered");
        miss(smart);
        assertEquals(List.of(1L), lost);
        assertEquals(SearchState.DOUBTING, smart.state());
        assertEquals(10 * SECOND, smart.intervalNs(link, nowNs));
        smart.onClosed(link, true, nowNs);
        assertEquals(SearchState.DOUBTING, smart.state());
        assertEquals(10 * SECOND, smart.intervalNs(link, nowNs));
    }

    private void losePath(SmartInterval smart) {
        for (int i = 0; i < 3; i++) {
            miss(smart);
        }
        path.fire(nowNs + SECOND);
        miss(smart);
        miss(smart);
    }

    @Test
    void onMiss_afterAConnectionGivenUpHasAnswered_isJudgedAgain() {
        SmartInterval smart = settled(0);
        losePath(smart);
        link.misses = 0;
        smart.onAck(link, 2 * SECOND, nowNs);
        settle(smart);
        assertTrue(smart.intervalNs(link, nowNs) > 280 * SECOND);

        path.timeoutNs = 100 * SECOND;
        losePath(smart);
        assertEquals(List.of(1L, 1L), lost);
        assertEquals(10 * SECOND, smart.intervalNs(link, nowNs));
    }

    @Test
    void onMiss_afterDataHasShownLife_beginsANewRow() {
        SmartInterval smart = settled(0);
        for (int i = 0; i < 3; i++) {
            miss(smart);
        }
        path.fire(nowNs + SECOND);
        link.misses = 0; // as the monitor has it when anything arrives
        nowNs += 3_600 * SECOND;
        miss(smart);
        assertEquals(List.of(), lost, "one miss is no loss, whatever a fresh connection did an hour ago");
        assertEquals(SearchState.SETTLED, smart.state());
    }

    @Test
    void onMiss_duringAnOutage_doesNotDoubtTheEstimateButKeepsMoreSlackLater() {
        SmartInterval smart = settled(0);
        Duration before = smart.estimate();
        for (int beat = 0; beat < 200; beat++) {
            smart.onAck(link, 200 * SECOND, nowNs);
        }
        for (int outage = 0; outage < 10; outage++) {
            link.misses = 0;
            path.down = true;
            for (int i = 0; i < 8; i++) {
                miss(smart);
                path.fire(nowNs + SECOND);
            }
            path.down = false;
            for (int i = 0; i < 4; i++) {
                miss(smart);
                path.fire(nowNs + SECOND);
            }
            smart.onClosed(link, true, nowNs);
            link.handle++;
            link.misses = 0;
            smart.onOpened(link, nowNs);
        }
        assertEquals(before, smart.estimate());
        assertEquals(SearchState.SETTLED, smart.state());
        assertTrue(smart.slack().compareTo(Duration.ofSeconds(18)) > 0, () -> "slack " + smart.slack());
        assertTrue(smart.slack().compareTo(before.dividedBy(7)) < 0, () -> "slack " + smart.slack());
    }

    @Test
    void onAck_afterALateWakeUp_widensTheSlack() {
        SmartInterval smart = settled(0);
        Duration before = smart.slack();
        long intervalNs = smart.intervalNs(link, nowNs);
        smart.onAck(link, intervalNs + 12 * SECOND, nowNs);
        assertEquals(before.plusSeconds(12), smart.slack());
    }

    @Test
    void onNetworkChanged_backToAKnownOne_operatesOnWhatIsRemembered() {
        SmartInterval smart = settled(0);
        long homeNs = smart.intervalNs(link, nowNs);
        path.network = "work";
        smart.onNetworkChanged(nowNs);
        assertEquals(10 * SECOND, smart.intervalNs(link, nowNs));
        path.network = "home";
        smart.onNetworkChanged(nowNs);
        assertEquals(homeNs, smart.intervalNs(link, nowNs), 2 * SECOND);
        assertEquals(1, path.underWay(), "it is tried again on the side");
    }

    @Test
    void onNetworkChanged_toldOnceForEachConnection_keepsWhatIsRemembered() {
        SmartInterval smart = settled(0);
        long homeNs = smart.intervalNs(link, nowNs);
        for (int connection = 0; connection < 3; connection++) {
            smart.onNetworkChanged(nowNs);
            assertEquals(homeNs, smart.intervalNs(link, nowNs), 2 * SECOND);
        }
    }

    @Test
    void onNetworkChanged_theOldConnectionDies_saysNothingAboutTheNewNetwork() {
        SmartInterval smart = settled(0);
        long homeNs = smart.intervalNs(link, nowNs);
        path.network = "work";
        smart.onNetworkChanged(nowNs);
        path.network = "home";
        smart.onNetworkChanged(nowNs);
        losePath(smart);
        assertEquals(List.of(1L), lost, "the host may give it up all the same");
        smart.onClosed(link, true, nowNs);
        assertEquals(homeNs, smart.intervalNs(link, nowNs), 2 * SECOND);
    }

    @Test
    void onNetworkChanged_theOldConnectionAnswersAndDiesLater_isEvidenceAgain() {
        SmartInterval smart = settled(0);
        smart.onNetworkChanged(nowNs);
        smart.onAck(link, 2 * SECOND, nowNs);
        losePath(smart);
        assertEquals(10 * SECOND, smart.intervalNs(link, nowNs));
    }

    @Test
    void onNetworkChanged_whoTellsTheNetworkThrows_isAnUnknownNetworkAndSearches() {
        boolean[] refused = {false};
        SmartInterval smart = builder()
                .network(() -> {
                    if (refused[0]) {
                        throw new SecurityException("no permission");
                    }
                    return "home";
                })
                .build();
        smart.poll(0);
        refused[0] = true;
        assertThrows(SecurityException.class, () -> smart.onNetworkChanged(0), "for the monitor to tell");
        assertEquals(0, path.underWay());
        settle(smart);
        assertEquals(300, smart.estimate().toNanos() / 1e9, 6);
        assertEquals(Optional.empty(), store.load(new NetworkKey("tcp", "home", "server:1")));
    }

    @Test
    void onNetworkChanged_identityUnknown_isOnlyAGuess() {
        path.network = "";
        SmartInterval smart = settled(0);
        smart.onNetworkChanged(nowNs);
        assertEquals(10 * SECOND, smart.intervalNs(link, nowNs));
        assertEquals(SearchState.DOUBTING, smart.state());
    }

    @Test
    void build_storeOfAnEarlierProcess_isUsed() {
        settled(0);
        int before = path.started;
        SmartInterval again = builder().build();
        assertTrue(again.intervalNs(link, 0) > 280 * SECOND);
        assertEquals(before + 1, path.started);
    }

    @Test
    void upToEarlier_gridInTheWindow_alignsEarlyOnly() {
        SmartInterval smart = builder().upToEarlier(0.3, Duration.ofSeconds(60)).build();
        smart.onOpened(link, 0);
        settle(smart);
        long plainNs = smart.operatingInterval().toNanos();
        for (int i = 0; i < 100; i++) {
            nowNs += 7 * SECOND;
            smart.onAck(link, SECOND, nowNs);
            long intervalNs = smart.intervalNs(link, nowNs);
            assertTrue(intervalNs <= plainNs && intervalNs >= plainNs * 7 / 10);
            assertEquals(0, (nowNs + intervalNs) % (60 * SECOND));
        }
    }

    @Test
    void wakeWith_eachSilence_asksForAWindowThatEndsWithTheInterval() {
        List<long[]> windows = new ArrayList<>();
        SmartInterval smart = builder()
                .upToEarlier(0.2, Duration.ZERO)
                .wakeWith((earliestNs, latestNs) -> windows.add(new long[] {earliestNs, latestNs}))
                .build();
        smart.onOpened(link, 0);
        settle(smart);
        smart.onAck(link, SECOND, nowNs);
        long[] last = windows.get(windows.size() - 1);
        assertEquals(smart.intervalNs(link, nowNs), last[1]);
        assertEquals(last[1] * 0.8, last[0], 2);
    }

    @Test
    void prober_thatThrows_isUnreachable() {
        SideProber broken = new SideProber() {
            @Override
            public void start(long probeId, long idleNs, Listener listener, long now) {
                throw new IllegalStateException("no socket");
            }

            @Override
            public void cancel(long probeId) {}
        };
        SmartInterval smart = SmartInterval.builder().probeWith(broken).build();
        assertEquals(10 * SECOND, smart.intervalNs(link, 0));
        assertNotEquals(0, smart.delayUntilNextNs(0));
    }

    @Test
    void build_badArguments_areRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> SmartInterval.builder().build());
        assertThrows(IllegalArgumentException.class, () -> builder().lanes(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder().safeStart(Duration.ofSeconds(4)).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> builder()
                        .between(Duration.ofSeconds(9), Duration.ofSeconds(8))
                        .build());
        assertThrows(IllegalArgumentException.class, () -> builder().retryEvery(Duration.ofDays(200_000)));
        assertThrows(IllegalArgumentException.class, () -> builder().upToEarlier(0.6, Duration.ZERO));
        assertThrows(NullPointerException.class, () -> builder().probeWith(null));
    }

    @Test
    void inBand_answered_climbsToTheMaximumAndReturnsWhenLost() {
        IntervalStrategy inBand = SmartInterval.inBand(Duration.ofSeconds(60), Duration.ofSeconds(240));
        assertEquals(60 * SECOND, inBand.intervalNs(link, 0));
        for (int i = 0; i < 3; i++) {
            inBand.onAck(link, 60 * SECOND, 0);
        }
        assertEquals(75 * SECOND, inBand.intervalNs(link, 0));
        inBand.onAck(link, SECOND, 0);
        inBand.onMiss(link, 75 * SECOND, 0);
        inBand.onClosed(link, true, 0);
        assertEquals(60 * SECOND, inBand.intervalNs(link, 0));
        for (int i = 0; i < 30; i++) {
            inBand.onAck(link, 60 * SECOND, 1);
        }
        assertEquals(60 * SECOND, inBand.intervalNs(link, 0), "rests for a day");
        for (int i = 0; i < 100; i++) {
            inBand.onAck(link, 240 * SECOND, Duration.ofDays(1).toNanos());
        }
        assertEquals(240 * SECOND, inBand.intervalNs(link, 0));
    }
}
