package dev.heartbeat.examples.lab.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.DeathCause;
import dev.heartbeat.MonitorStatistics;
import dev.heartbeat.examples.lab.proxy.LinkRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict on made-up runs: a good one passes, and each that breaks one promise fails that one. */
class ReckoningTest {
    private static final long MS = 1_000_000;
    private static final int CUT = 0;
    private static final int QUIET = 1;
    private static final int SERVER_PATIENCE_MS = 2500;
    private static final int CLIENT_PATIENCE_MS = 2700;
    private static final int CUT_AT_MS = 12_000;

    private final Settings settings = new Settings(10, 1, 1);
    private final Plan plan = plan();
    private final List<Event> events = new ArrayList<>();
    private final List<LinkRecord> links = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Lateness lateness = new Lateness();
    private long startNs = Long.MAX_VALUE - 5_000_000_000L; // the run passes the end of the range
    private MonitorStatistics monitor = monitor(10, 0);
    private DemoServer.Holdings settled = new DemoServer.Holdings(10, 10, 10, monitor);
    private DemoServer.Holdings left = new DemoServer.Holdings(0, 0, 0, monitor(0, 0));

    /** One client is cut off; nothing befalls the others. */
    private static Plan plan() {
        List<Role> roles = new ArrayList<>(List.of(Role.CUT_OFF));
        while (roles.size() < 10) {
            roles.add(Role.QUIET);
        }
        return new Plan(roles, List.of());
    }

    private static MonitorStatistics monitor(int open, int timers) {
        Map<DeathCause.Kind, Long> deadBy = new EnumMap<>(DeathCause.Kind.class);
        Duration stalled = Duration.ofMillis(2010);
        return new MonitorStatistics(
                open,
                11,
                0,
                deadBy,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                timers,
                0,
                0,
                1,
                stalled,
                0,
                Duration.ZERO,
                Duration.ZERO);
    }

    @BeforeEach
    void goodRun() {
        for (int client = 0; client < 10; client++) {
            connect(client, 1, 1000 + client, 100 + client);
            link(100 + client, 100, 23_000, 23_000, 1000, false);
        }
        // Cut off at 12 s; heard last at 11.6 s by the server, at 11.601 s by the client; back after 400 ms.
        links.set(CUT, null);
        links.removeIf(link -> link == null);
        link(100, 100, 11_600, 11_601, 1000, true);
        faults.add(new Fault(Role.CUT_OFF, CUT, 1, at(CUT_AT_MS), at(CUT_AT_MS)));
        add(11_600 + SERVER_PATIENCE_MS + 20, Event.What.SERVER_DEAD, CUT, 1, "PEER_SILENT");
        add(11_601 + 950 + CLIENT_PATIENCE_MS, Event.What.CLIENT_DEAD, CUT, 1, "PEER_SILENT");
        connect(CUT, 2, 15_700, 200);
        link(200, 15_700, 23_000, 23_000, 1000, false);
    }

    private long at(double ms) {
        return startNs + (long) (ms * MS);
    }

    private void add(double ms, Event.What what, int client, long epoch, String detail) {
        events.add(new Event(at(ms), what, client, epoch, 0, detail));
    }

    private void connect(int client, long epoch, double ms, int port) {
        events.add(new Event(at(ms), Event.What.CLIENT_CONNECTED, client, epoch, port, ""));
        add(ms + 1, Event.What.SERVER_GREETED, client, epoch, "");
    }

    private void link(int port, double openedMs, double toServerMs, double toClientMs, double quietMs, boolean cut) {
        links.add(new LinkRecord(
                port,
                0,
                at(openedMs),
                at(toServerMs),
                at(toClientMs),
                (long) (quietMs * MS),
                cut ? LinkRecord.Cut.BLACK_HOLE : LinkRecord.Cut.NONE,
                cut ? OptionalLong.of(at(CUT_AT_MS)) : OptionalLong.empty(),
                !cut));
    }

    private void move(Event.What what, double toMs) {
        events.replaceAll(event -> event.what() == what && event.client() == CUT
                ? new Event(at(toMs), what, CUT, event.epoch(), 0, event.detail())
                : event);
    }

    private void comesBack(double greetedMs) {
        events.removeIf(event -> event.epoch() == 2);
        connect(CUT, 2, greetedMs - 1, 200);
    }

    private Account account() {
        return Reckoning.of(
                settings,
                plan,
                new Observed(
                        startNs, at(23_500), faults, links, events, at(18_000), at(20_000), settled, left, lateness));
    }

    private void assertOnlyBroken(String promise) {
        for (Check check : account().checks()) {
            assertEquals(!check.promise().startsWith(promise), check.held(), check::toString);
        }
        assertFalse(account().held());
    }

    @Test
    void goodRun_isHeld() {
        Account account = account();
        account.checks().forEach(check -> assertTrue(check.held(), check::toString));
        assertTrue(account.held());
        assertEquals(2, account.notices().size());
        assertEquals(2120, account.groups().get(0).after().minMs());
        assertEquals(1, account.reconnects().count());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void goodRun_fromAnyOrigin_isHeld(long originNs) {
        startNs = originNs;
        events.clear();
        links.clear();
        faults.clear();
        goodRun();
        assertTrue(account().held(), () -> account().checks().toString());
    }

    @Test
    void serverDeath_aMomentEarly_breaksNeverEarly() {
        move(Event.What.SERVER_DEAD, 11_600 + SERVER_PATIENCE_MS - 0.001);
        assertOnlyBroken("Never early");
    }

    @Test
    void serverDeath_onTheEdge_isNotEarly() {
        move(Event.What.SERVER_DEAD, 11_600 + SERVER_PATIENCE_MS);
        assertTrue(account().held());
    }

    @Test
    void clientDeath_aMomentEarly_breaksNeverEarly() {
        move(Event.What.CLIENT_DEAD, 11_601 + CLIENT_PATIENCE_MS - 0.001);
        comesBack(15_000);
        assertOnlyBroken("Never early");
    }

    @Test
    void serverDeath_late_breaksNeverLate() {
        move(Event.What.SERVER_DEAD, 11_600 + SERVER_PATIENCE_MS + 2 * 16 + 10 + 0.001);
        assertOnlyBroken("Never late");
    }

    @Test
    void serverDeath_lateOnAHostThatWasLate_isHeld() {
        move(Event.What.SERVER_DEAD, 11_600 + SERVER_PATIENCE_MS + 2 * 16 + 10 + 3 * 20);
        lateness.note(at(13_000), 20 * MS);
        assertTrue(account().held());
        move(Event.What.SERVER_DEAD, 11_600 + SERVER_PATIENCE_MS + 2 * 16 + 10 + 3 * 20 + 0.001);
        assertOnlyBroken("Never late");
    }

    @Test
    void serverDeath_lateOnAHostThatWasLateBeforeOrAfter_breaksNeverLate() {
        lateness.note(at(9_000), 500 * MS);
        lateness.note(at(17_000), 500 * MS);
        move(Event.What.SERVER_DEAD, 11_600 + SERVER_PATIENCE_MS + 100);
        assertOnlyBroken("Never late");
    }

    @Test
    void clientDeath_late_breaksNeverLate() {
        move(Event.What.CLIENT_DEAD, 11_601 + 1000 + CLIENT_PATIENCE_MS + 4 * 16 + 10 + 0.001);
        assertOnlyBroken("Never late");
    }

    @Test
    void serverDeath_never_breaksNothingOverlooked() {
        events.removeIf(event -> event.what() == Event.What.SERVER_DEAD);
        assertOnlyBroken("Nothing is overlooked");
    }

    @Test
    void livingPeer_givenUp_breaksSlowIsNotDead() {
        add(10_000, Event.What.SERVER_DEAD, QUIET, 1, "PEER_SILENT");
        assertOnlyBroken("Slow is not dead");
        assertEquals(1, account().mistakes().size());
    }

    @Test
    void livingPeer_givenUpWhileTheHostStoodStill_isExcused() {
        add(10_000, Event.What.SERVER_DEAD, QUIET, 1, "PEER_SILENT");
        lateness.note(at(9_000), 300 * MS);
        assertTrue(account().held());
        assertEquals(1, account().excused().size());
    }

    @Test
    void livingPeer_givenUpAfterAShortPause_isNotExcused() {
        add(10_000, Event.What.SERVER_DEAD, QUIET, 1, "PEER_SILENT");
        lateness.note(at(9_000), 200 * MS);
        lateness.note(at(9_000), 200 * MS); // the same, noted by another
        assertOnlyBroken("Slow is not dead");
    }

    @Test
    void livingPeer_blamedForTheServersStall_breaksItWasUs() {
        add(20_001, Event.What.SERVER_DEAD, QUIET, 1, "PEER_SILENT");
        List<String> broken = account().checks().stream()
                .filter(check -> !check.held())
                .map(Check::promise)
                .toList();
        assertEquals(2, broken.size(), broken::toString);
        assertTrue(broken.stream().anyMatch(promise -> promise.startsWith("It was us")));
    }

    @Test
    void death_toldTwice_breaksExactlyOnce() {
        add(15_000, Event.What.SERVER_DEAD, CUT, 1, "PEER_SILENT");
        assertOnlyBroken("Exactly once");
    }

    @Test
    void link_quietForTooLong_breaksKeptAlive() {
        links.removeIf(link -> link.clientPort() == 101);
        link(101, 100, 23_000, 23_000, 1000 + 16 + 10 + 0.001, false);
        assertOnlyBroken("Kept alive");
    }

    @Test
    void client_backTooLate_breaksBackAgain() {
        double diedMs = 11_601 + 950 + CLIENT_PATIENCE_MS;
        comesBack(diedMs + 1000 + 250);
        assertTrue(account().held());
        comesBack(diedMs + 1000 + 250 + 0.001);
        assertOnlyBroken("Back again");
    }

    @Test
    void client_neverBack_breaksBackAgain() {
        events.removeIf(event -> event.epoch() == 2);
        assertOnlyBroken("Back again");
    }

    @Test
    void server_holdsOneTooMany_breaksCleanedUp() {
        settled = new DemoServer.Holdings(11, 10, 10, monitor(10, 0));
        assertOnlyBroken("Cleaned up");
    }

    @Test
    void server_keepsATimer_breaksNothingLeft() {
        left = new DemoServer.Holdings(0, 0, 0, monitor(0, 1));
        assertOnlyBroken("Nothing left over");
    }

    @Test
    void faults_thatDidNotHappen_breakTheRun() {
        faults.clear();
        events.removeIf(event -> event.what() == Event.What.SERVER_DEAD || event.what() == Event.What.CLIENT_DEAD);
        assertOnlyBroken("What was planned went wrong");
    }
}
