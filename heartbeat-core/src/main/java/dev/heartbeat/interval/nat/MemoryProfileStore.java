package dev.heartbeat.interval.nat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** In memory, bounded, the oldest save forgotten first. */
final class MemoryProfileStore implements NetworkProfileStore {
    private final int maxEntries;
    private final Map<NetworkKey, NetworkProfile> profiles = new LinkedHashMap<>();

    MemoryProfileStore(int maxEntries) {
        this.maxEntries = Checks.inRange("maxEntries", maxEntries, 1, 10_000);
    }

    @Override
    public synchronized Optional<NetworkProfile> load(NetworkKey key) {
        return Optional.ofNullable(profiles.get(requireNonNull(key, "key")));
    }

    @Override
    public synchronized void save(NetworkKey key, NetworkProfile profile) {
        requireNonNull(profile, "profile");
        profiles.remove(requireNonNull(key, "key"));
        profiles.put(key, profile);
        if (profiles.size() > maxEntries) {
            profiles.remove(profiles.keySet().iterator().next());
        }
    }
}
