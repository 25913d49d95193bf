package dev.heartbeat.examples.lab.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalTest {
    private final Journal journal = new Journal();

    private void add(Event.What what, int client, long epoch) {
        journal.add(what, client, epoch, 0, "");
    }

    private void connect(int client, long epoch) {
        add(Event.What.CLIENT_CONNECTED, client, epoch);
        add(Event.What.SERVER_GREETED, client, epoch);
    }

    @Test
    void standing_serverHasNotHeardOfItYet_isNone() {
        assertNull(journal.standing(1));
        add(Event.What.CLIENT_CONNECTED, 1, 1);
        assertNull(journal.standing(1));
        add(Event.What.SERVER_GREETED, 1, 1);
        assertEquals(1, journal.standing(1).epoch());
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT_DEAD", "CLIENT_CLOSED", "SERVER_DEAD"})
    void standing_eitherHasGivenItUp_isNoneUntilItIsBack(Event.What end) {
        connect(1, 1);
        connect(2, 1);
        add(end, 1, 1);
        assertNull(journal.standing(1));
        assertEquals(2, journal.standing(2).client());
        connect(1, 2);
        assertEquals(2, journal.standing(1).epoch());
    }

    @Test
    void standing_endOfAnEarlierConnection_changesNothing() {
        connect(1, 1);
        connect(1, 2);
        add(Event.What.SERVER_DEAD, 1, 1); // it notices later than the client that was back at once
        assertEquals(2, journal.standing(1).epoch());
    }
}
