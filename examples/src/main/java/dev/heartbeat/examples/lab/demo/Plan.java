package dev.heartbeat.examples.lab.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Who plays what, and when: drawn from the seed before anything starts.
 *
 * @param roles by client
 * @param acts in order of time; what happens by itself, such as a mapping that expires, is not among them
 */
record Plan(List<Role> roles, List<Act> acts) {
    /**
     * Something that is done.
     *
     * @param at from the beginning
     * @param role whose act it is; {@link Role#QUIET} for the stall of the server
     * @param client to whom; less than 0 for the server
     * @param length how long, or by how much
     */
    record Act(Duration at, Role role, int client, Duration length) {}

    static final int SERVER = -1;
    private static final int MOST_FROZEN = 16; // each has a thread of its own

    static Plan of(Settings settings) {
        Random random = new Random(settings.seed());
        List<Role> roles = roles(settings.clients());
        Collections.shuffle(roles, random);
        List<Act> acts = new ArrayList<>();
        for (int client = 0; client < roles.size(); client++) {
            Role role = roles.get(client);
            switch (role) {
                case SLOW -> {
                    long shortest = settings.shortestDelay().toNanos();
                    long most = settings.longestDelay().toNanos() - shortest;
                    Duration delay = Duration.ofNanos(shortest + (long) (random.nextDouble() * most));
                    acts.add(new Act(settings.at(2.5), role, client, delay));
                    acts.add(new Act(settings.at(16.5), role, client, Duration.ZERO));
                }
                case VANISHING ->
                    acts.add(new Act(settings.at(3 + 3 * random.nextDouble()), role, client, Duration.ZERO));
                case FREEZING ->
                    acts.add(new Act(settings.at(4 + 0.5 * random.nextDouble()), role, client, settings.freeze()));
                case HELD -> acts.add(new Act(settings.at(5 + 3 * random.nextDouble()), role, client, settings.hold()));
                case CUT_OFF -> acts.add(new Act(settings.at(12), role, client, Duration.ZERO));
                case QUIET, CHATTY, SLEEPY -> {}
            }
        }
        acts.add(new Act(settings.at(18), Role.QUIET, SERVER, settings.stall()));
        acts.sort(Comparator.comparing(Act::at));
        return new Plan(List.copyOf(roles), List.copyOf(acts));
    }

    private static List<Role> roles(int clients) {
        List<Role> roles = new ArrayList<>();
        for (Role role : Role.values()) {
            if (role.share() > 0) {
                int some = Math.max(1, (int) Math.round(role.share() * clients));
                roles.addAll(Collections.nCopies(role == Role.FREEZING ? Math.min(some, MOST_FROZEN) : some, role));
            }
        }
        roles.addAll(Collections.nCopies(clients - roles.size(), Role.QUIET));
        return roles;
    }

    /** When the last act is over and its consequences too. */
    static Duration end(Settings settings) {
        return settings.at(23.5);
    }

    List<Integer> clientsWith(Role role) {
        return IntStream.range(0, roles.size())
                .filter(client -> roles.get(client) == role)
                .boxed()
                .toList();
    }
}
