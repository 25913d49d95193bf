package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class EchoRoomTest {
    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(address, port);
    }

    @Test
    void places_areCountedByAddress_andComeBack() {
        EchoRoom room = new EchoRoom();
        for (int i = 0; i < EchoRoom.PER_ADDRESS; i++) {
            assertTrue(room.take(at("192.0.2.1", i + 1)));
        }
        assertFalse(room.take(at("192.0.2.1", 999)));
        assertTrue(room.take(at("192.0.2.2", 999)));
        room.give(at("192.0.2.1", 1));
        assertTrue(room.take(at("192.0.2.1", 999)));
        assertEquals(EchoRoom.PER_ADDRESS + 1, room.taken());
    }

    @Test
    void places_ofOneNetwork_countAsOne() {
        EchoRoom room = new EchoRoom();
        for (int i = 0; i < EchoRoom.PER_ADDRESS; i++) {
            assertTrue(room.take(at("2001:db8::" + Integer.toHexString(i), 1)));
        }
        assertFalse(room.take(at("2001:db8::ffff", 1)));
        assertTrue(room.take(at("2001:db8:0:1::1", 1)));
        assertTrue(room.take(null));
    }

    @Test
    void places_inAll_areLimited() {
        EchoRoom room = new EchoRoom();
        for (int i = 0; i < 4096; i++) {
            assertTrue(room.take(at("198.51." + i / 200 + "." + i % 200, 1)));
        }
        assertFalse(room.take(at("192.0.2.1", 1)));
        room.give(at("198.51.0.0", 1));
        assertTrue(room.take(at("192.0.2.1", 1)));
    }
}
