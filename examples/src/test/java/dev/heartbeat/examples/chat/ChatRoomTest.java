package dev.heartbeat.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatRoomTest {
    private final ChatRoom room = new ChatRoom();

    private static final class Screen implements ChatRoom.Member {
        final List<String> lines = new ArrayList<>();
        boolean dismissed;

        @Override
        public void send(String line) {
            lines.add(line);
        }

        @Override
        public void dismiss() {
            dismissed = true;
        }
    }

    private Screen join(String user, String device, long last) {
        Screen screen = new Screen();
        room.heard(screen, "HELLO " + user + " " + device + " " + last);
        return screen;
    }

    @Test
    void say_reachesEveryDevice() {
        Screen phone = join("ann", "phone", 0);
        Screen laptop = join("ann", "laptop", 0);
        room.heard(phone, "SAY hello there");
        assertEquals("MSG 1 ann hello there", laptop.lines.get(laptop.lines.size() - 1));
        assertEquals(List.of("ann: laptop, phone"), room.present());
    }

    @Test
    void sameDeviceAgain_replacesItsOlderConnection() {
        Screen old = join("ann", "phone", 0);
        Screen other = join("bob", "phone", 0);
        Screen fresh = join("ann", "phone", 0);
        assertTrue(old.dismissed);
        assertEquals("REPLACED", old.lines.get(old.lines.size() - 1));
        room.left(old); // the replaced connection's end is nobody's business any more
        assertFalse(other.lines.contains("GONE ann phone"));
        assertEquals(List.of("ann: phone", "bob: phone"), room.present());
        assertFalse(fresh.dismissed);
    }

    @Test
    void left_cleansUpAtOnceAndTellsTheOthers() {
        Screen ann = join("ann", "phone", 0);
        Screen bob = join("bob", "phone", 0);
        room.left(ann);
        assertEquals("GONE ann phone", bob.lines.get(bob.lines.size() - 1));
        assertEquals(List.of("bob: phone"), room.present());
    }

    @Test
    void comingBack_bringsWhatWasMissed() {
        Screen ann = join("ann", "phone", 0);
        room.heard(ann, "SAY one");
        room.heard(ann, "SAY two");
        Screen bob = join("bob", "phone", 1);
        assertEquals(List.of("HERE ann phone", "MSG 2 ann two", "HERE bob phone"), bob.lines);
    }

    @Test
    void nonsense_isRefused() {
        Screen stranger = new Screen();
        room.heard(stranger, "SAY before hello");
        assertTrue(stranger.dismissed);
        for (String line : List.of("HELLO a b", "HELLO a b x", "HELLO a/b c 0", "HELLO a b -1", "", "GET / HTTP/1.1")) {
            Screen screen = new Screen();
            room.heard(screen, line);
            assertTrue(screen.dismissed, line);
        }
        assertEquals(List.of(), room.present());
    }
}
