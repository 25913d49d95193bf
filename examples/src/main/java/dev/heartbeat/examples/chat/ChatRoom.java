package dev.heartbeat.examples.chat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is here, and what was said: the same for every host. Users have devices, a device has one connection; a device that
 * connects again replaces its older connection, which may be long dead without anybody knowing.
 *
 * <p><b>Threading:</b> confined to the thread of the loop.
 */
public final class ChatRoom {
    private static final int REMEMBERED = 1000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    /** One connection, as the room reaches it. */
    public interface Member {
        /**
         * Sends a line.
         *
         * @param line without its end
         */
        void send(String line);

        /** Closes the connection once what was sent has left. */
        void dismiss();
    }

    private record Said(long number, String line) {}

    private record Seat(String user, String device) {}

    private final Map<String, Map<String, Member>> users = new TreeMap<>();
    private final Map<Member, Seat> seats = new LinkedHashMap<>();
    private final Deque<Said> history = new ArrayDeque<>();
    private long number;

    /**
     * A line arrived.
     *
     * @param member from whom
     * @param line without its end
     */
    public void heard(Member member, String line) {
        String[] words = line.split(" ", 4);
        if (words[0].equals("HELLO") && words.length == 4 && !seats.containsKey(member)) {
            hello(member, words[1], words[2], words[3]);
        } else if (words[0].equals("SAY") && seats.containsKey(member)) {
            say(seats.get(member), line.substring("SAY".length()).strip());
        } else {
            refuse(member, "not understood");
        }
    }

    private void hello(Member member, String user, String device, String last) {
        if (!NAME.matcher(user).matches() || !NAME.matcher(device).matches() || !last.matches("[0-9]{1,18}")) {
            refuse(member, "no such name or number");
            return;
        }
        Member older = users.getOrDefault(user, Map.of()).get(device);
        if (older != null) {
            seats.remove(older);
            older.send("REPLACED");
            older.dismiss();
        }
        seats.values().forEach(seat -> member.send("HERE " + seat.user() + " " + seat.device()));
        users.computeIfAbsent(user, name -> new TreeMap<>()).put(device, member);
        seats.put(member, new Seat(user, device));
        long seen = Long.parseLong(last);
        history.stream().filter(said -> said.number() > seen).forEach(said -> member.send(said.line()));
        if (older == null) {
            tellAll("HERE " + user + " " + device);
        }
    }

    private static void refuse(Member member, String reason) {
        member.send("REFUSED " + reason);
        member.dismiss();
    }

    private void say(@Nullable Seat seat, String text) {
        if (seat == null) {
            return;
        }
        number++;
        String line = "MSG " + number + " " + seat.user() + " " + text;
        history.add(new Said(number, line));
        if (history.size() > REMEMBERED) {
            history.remove();
        }
        tellAll(line);
    }

    /**
     * A connection has ended, in order or not: everything of it goes at once.
     *
     * @param member whose
     */
    public void left(Member member) {
        Seat seat = seats.remove(member);
        if (seat == null) {
            return; // replaced, or never said who it was
        }
        Map<String, Member> devices = users.getOrDefault(seat.user(), Map.of());
        devices.remove(seat.device());
        if (devices.isEmpty()) {
            users.remove(seat.user());
        }
        tellAll("GONE " + seat.user() + " " + seat.device());
    }

    private void tellAll(String line) {
        List.copyOf(seats.keySet()).forEach(member -> member.send(line));
    }

    /**
     * Who is here.
     *
     * @return lines such as {@code ann: laptop, phone}
     */
    public List<String> present() {
        List<String> lines = new ArrayList<>();
        users.forEach((user, devices) -> lines.add(user + ": " + String.join(", ", devices.keySet())));
        return lines;
    }
}
