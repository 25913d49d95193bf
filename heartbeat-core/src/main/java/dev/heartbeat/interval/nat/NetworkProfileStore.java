package dev.heartbeat.interval.nat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Remembers what was learned about each path.
 *
 * <p>A memory, not a database: whatever goes wrong, the worst is that something is learned anew. Neither method throws
 * because of a damaged, missing or unwritable file.
 *
 * <p><b>Threading:</b> safe for several threads. The file store reads and writes a small file within the call.
 */
public interface NetworkProfileStore {
    /** How many paths the stores of this library remember unless told otherwise: the ones saved last. */
    int DEFAULT_MAX_ENTRIES = 64;

    /**
     * What is remembered about a path.
     *
     * @param key the path
     * @return empty if nothing is
     */
    Optional<NetworkProfile> load(NetworkKey key);

    /**
     * Remembers, in place of what was remembered before. Beyond the store's bound the oldest is forgotten.
     *
     * @param key the path
     * @param profile what to remember
     */
    void save(NetworkKey key, NetworkProfile profile);

    /**
     * A store that ends with the process.
     *
     * @return a new store of {@value #DEFAULT_MAX_ENTRIES} entries
     */
    static NetworkProfileStore inMemory() {
        return new MemoryProfileStore(DEFAULT_MAX_ENTRIES);
    }

    /**
     * A store that ends with the process.
     *
     * @param maxEntries from 1 to 10 000
     * @return a new store
     * @throws IllegalArgumentException if {@code maxEntries} is out of its range
     */
    static NetworkProfileStore inMemory(int maxEntries) {
        return new MemoryProfileStore(maxEntries);
    }

    /**
     * A store in a file of {@value #DEFAULT_MAX_ENTRIES} entries, forgotten after 30 days.
     *
     * @param file need not exist; its directory is made when something is saved
     * @return the store
     */
    static NetworkProfileStore file(Path file) {
        return file(file, DEFAULT_MAX_ENTRIES, Clock.systemUTC());
    }

    /**
     * A store in a file, written whole to a temporary file beside it and renamed, so that a reader sees the old or
     * the new one. Each line carries a checksum; lines that are torn, damaged or of another version are left out.
     * Several processes may share the file: what each saves is merged into what it finds.
     *
     * @param file need not exist; its directory is made when something is saved
     * @param maxEntries from 1 to 10 000
     * @param wallClock tells the age of entries, which are forgotten after 30 days
     * @return the store
     * @throws IllegalArgumentException if {@code maxEntries} is out of its range
     */
    static NetworkProfileStore file(Path file, int maxEntries, Clock wallClock) {
        return new FileProfileStore(file, maxEntries, wallClock);
    }
}
