package dev.heartbeat.interval.nat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * In a file. What this process saved is also kept in memory, so that a full disk costs nothing before the next start.
 *
 * <p>Two processes that save in the same moment may lose one of the two saves; it is learned again, or saved again.
 */
final class FileProfileStore implements NetworkProfileStore {
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(30);
    private static final Duration LEFTOVER_AFTER = Duration.ofHours(1);
    private static final long LARGEST_FILE = 8L << 20;

    private final Path file;
    private final int maxEntries;
    private final Clock wallClock;
    private final Map<NetworkKey, NetworkProfile> saved = new LinkedHashMap<>();

    FileProfileStore(Path file, int maxEntries, Clock wallClock) {
        this.file = requireNonNull(file, "file").toAbsolutePath();
        this.maxEntries = Checks.inRange("maxEntries", maxEntries, 1, 10_000);
        this.wallClock = requireNonNull(wallClock, "wallClock");
    }

    @Override
    public synchronized Optional<NetworkProfile> load(NetworkKey key) {
        return Optional.ofNullable(merged().get(requireNonNull(key, "key")));
    }

    @Override
    public synchronized void save(NetworkKey key, NetworkProfile profile) {
        requireNonNull(profile, "profile");
        saved.put(requireNonNull(key, "key"), profile);
        Map<NetworkKey, NetworkProfile> all = merged();
        all.put(key, profile);
        dropOldest(all, key);
        saved.keySet().retainAll(all.keySet());
        try {
            write(ProfileText.write(all));
        } catch (IOException | DirectoryIteratorException | SecurityException e) {
            // A full disk, a directory that is gone: kept in memory, and tried again at the next save.
        }
    }

    /** The file's entries and ours, the newer of each, without what is too old. */
    private Map<NetworkKey, NetworkProfile> merged() {
        long nowMs = wallClock.millis();
        Map<NetworkKey, NetworkProfile> all = new HashMap<>(read());
        saved.forEach((key, ours) -> all.merge(key, ours, (a, b) -> savedMs(b, nowMs) >= savedMs(a, nowMs) ? b : a));
        long oldestMs = nowMs - FORGOTTEN_AFTER.toMillis();
        all.values().removeIf(profile -> profile.savedAtMs() < oldestMs);
        return all;
    }

    /** A wall clock may have been set back: what seems to come from the future is as new as can be, not newer. */
    private static long savedMs(NetworkProfile profile, long nowMs) {
        return Math.min(profile.savedAtMs(), nowMs);
    }

    private void dropOldest(Map<NetworkKey, NetworkProfile> all, NetworkKey keep) {
        if (all.size() <= maxEntries) {
            return;
        }
        List<Map.Entry<NetworkKey, NetworkProfile>> entries = new ArrayList<>(all.entrySet());
        entries.removeIf(entry -> entry.getKey().equals(keep));
        long nowMs = wallClock.millis();
        entries.sort((a, b) -> Long.compare(savedMs(a.getValue(), nowMs), savedMs(b.getValue(), nowMs)));
        for (int i = 0; all.size() > maxEntries; i++) {
            all.remove(entries.get(i).getKey());
        }
    }

    private Map<NetworkKey, NetworkProfile> read() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                return Map.of();
            }
            return ProfileText.read(new String(Files.readAllBytes(file), UTF_8));
        } catch (IOException | SecurityException e) {
            return Map.of();
        }
    }

    private void write(String text) throws IOException {
        Path directory = requireNonNull(file.getParent(), "file");
        Files.createDirectories(directory);
        removeLeftovers(directory);
        Path temporary = Files.createTempFile(directory, temporaryPrefix(), ".tmp");
        try {
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                out.write(text.getBytes(UTF_8));
                out.getFD().sync();
            }
            replace(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void replace(Path temporary) throws IOException {
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private String temporaryPrefix() {
        return requireNonNull(file.getFileName(), "file") + "-";
    }

    /** Of processes that were killed between making a temporary file and renaming it. */
    private void removeLeftovers(Path directory) throws IOException {
        long oldestMs = wallClock.millis() - LEFTOVER_AFTER.toMillis();
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, path -> {
            String name = String.valueOf(path.getFileName());
            return name.startsWith(temporaryPrefix()) && name.endsWith(".tmp");
        })) {
            for (Path leftover : leftovers) {
                if (Files.getLastModifiedTime(leftover).toMillis() < oldestMs) {
                    Files.deleteIfExists(leftover);
                }
            }
        }
    }
}
