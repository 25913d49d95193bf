package dev.heartbeat.interval.nat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkProfileStoreTest {
    private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path directory;

    private static NetworkKey key(int i) {
        return new NetworkKey("tcp", "wifi:\t%\n" + i, "höst:" + i + '\uD83D');
    }

    private static NetworkProfile profile(long provenS, long savedS) {
        return new NetworkProfile(provenS * 1_000_000_000L, 0, 5, 1, NOW.toEpochMilli() + (savedS - 100) * 1_000);
    }

    private NetworkProfileStore open(Path file) {
        return NetworkProfileStore.file(file, 3, CLOCK);
    }

    @Test
    void save_thenOpenedAgain_isLoaded() {
        Path file = directory.resolve("deep/er/profiles");
        open(file).save(key(1), profile(300, 0));
        assertEquals(Optional.of(profile(300, 0)), open(file).load(key(1)));
        assertEquals(Optional.empty(), open(file).load(key(2)));
    }

    @Test
    void save_beyondTheBound_forgetsTheOldest() {
        for (NetworkProfileStore store : List.of(open(directory.resolve("p")), NetworkProfileStore.inMemory(3))) {
            for (int i = 0; i < 4; i++) {
                store.save(key(i), profile(100 + i, i));
            }
            assertEquals(Optional.empty(), store.load(key(0)));
            assertEquals(Optional.of(profile(103, 3)), store.load(key(3)));
            assertEquals(Optional.of(profile(101, 1)), store.load(key(1)));
        }
    }

    @Test
    void load_olderThanThirtyDays_isForgotten() {
        Path file = directory.resolve("p");
        open(file).save(key(1), profile(300, 0));
        Clock later = Clock.offset(CLOCK, Duration.ofDays(30).minusSeconds(100));
        assertTrue(NetworkProfileStore.file(file, 3, later).load(key(1)).isPresent());
        Clock tooLate =
                Clock.offset(CLOCK, Duration.ofDays(30).minusSeconds(100).plusMillis(1));
        assertEquals(
                Optional.empty(), NetworkProfileStore.file(file, 3, tooLate).load(key(1)));
    }

    @Test
    void load_truncatedAnywhere_neverThrowsAndNeverInvents() throws IOException {
        Path file = directory.resolve("p");
        open(file).save(key(1), profile(300, 0));
        open(file).save(key(2), profile(400, 0));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            Optional<NetworkProfile> first = open(file).load(key(1));
            assertTrue(first.isEmpty() || first.get().equals(profile(300, 0)));
            Optional<NetworkProfile> second = open(file).load(key(2));
            assertTrue(second.isEmpty() || second.get().equals(profile(400, 0)));
        }
    }

    @Property(tries = 200)
    void load_anyDamage_neverThrowsAndNeverInvents(@ForAll long seed) throws IOException {
        Path file = Files.createTempFile("profiles", ".txt");
        try {
            open(file).save(key(1), profile(300, 0));
            Random random = new Random(seed);
            byte[] bytes = Files.readAllBytes(file);
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            } else {
                random.nextBytes(bytes);
            }
            Files.write(file, bytes);
            Optional<NetworkProfile> found = open(file).load(key(1));
            assertTrue(found.isEmpty() || found.get().equals(profile(300, 0)));
            open(file).save(key(2), profile(400, 0));
            assertEquals(Optional.of(profile(400, 0)), open(file).load(key(2)));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void load_anotherVersion_isNothing() throws IOException {
        Path file = directory.resolve("p");
        open(file).save(key(1), profile(300, 0));
        String text = Files.readString(file, UTF_8);
        Files.writeString(file, text.replaceFirst("profiles 1", "profiles 2"));
        assertEquals(Optional.empty(), open(file).load(key(1)));
    }

    @Test
    void save_whereNothingCanBeWritten_isKeptInMemory() throws IOException {
        Path blocked = directory.resolve("file");
        Files.writeString(blocked, "not a directory");
        NetworkProfileStore store = open(blocked.resolve("profiles"));
        store.save(key(1), profile(300, 0));
        assertEquals(Optional.of(profile(300, 0)), store.load(key(1)));
    }

    @Test
    void save_byTwoProcesses_isMerged() {
        Path file = directory.resolve("p");
        NetworkProfileStore one = open(file);
        NetworkProfileStore two = open(file);
        one.save(key(1), profile(300, 0));
        two.save(key(2), profile(400, 1));
        one.save(key(3), profile(500, 2));
        for (NetworkProfileStore store : List.of(one, two, open(file))) {
            assertEquals(Optional.of(profile(300, 0)), store.load(key(1)));
            assertEquals(Optional.of(profile(400, 1)), store.load(key(2)));
            assertEquals(Optional.of(profile(500, 2)), store.load(key(3)));
        }
    }

    @Test
    void save_manyAtOnce_leavesAWholeFile() throws Exception {
        Path file = directory.resolve("p");
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int me = t;
            threads.add(new Thread(() -> {
                NetworkProfileStore store = NetworkProfileStore.file(file, 3, CLOCK);
                for (int i = 0; i < 25; i++) {
                    store.save(key(me), profile(100 + i, i));
                    assertTrue(store.load(key(me)).isPresent());
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        int found = 0;
        for (int t = 0; t < 4; t++) {
            found += open(file).load(key(t)).isPresent() ? 1 : 0;
        }
        assertTrue(found >= 1);
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void save_afterAKilledProcess_removesItsLeftovers() throws IOException {
        Path leftover = Files.createFile(directory.resolve("p-123.tmp"));
        Files.setLastModifiedTime(leftover, FileTime.from(NOW.minus(Duration.ofHours(2))));
        Path fresh = Files.createFile(directory.resolve("p-456.tmp"));
        Files.setLastModifiedTime(fresh, FileTime.from(NOW));
        Path others = Files.createFile(directory.resolve("q-123.tmp"));
        Files.setLastModifiedTime(others, FileTime.from(NOW.minus(Duration.ofHours(2))));
        open(directory.resolve("p")).save(key(1), profile(300, 0));
        assertTrue(Files.notExists(leftover) && Files.exists(fresh) && Files.exists(others));
    }

    @Test
    void file_badBound_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> NetworkProfileStore.inMemory(0));
        assertThrows(
                IllegalArgumentException.class, () -> NetworkProfileStore.file(directory.resolve("p"), 10_001, CLOCK));
    }
}
