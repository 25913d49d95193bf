package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What a monitor has counted since it was built. */
final class Tally {
    private final Map<DeathCause.Kind, Count> deaths = new EnumMap<>(DeathCause.Kind.class);
    long opened;
    long closed;
    int ending; // counted as closed or dead already, while its slot is still in use
    long suspects;
    long recoveries;
    long probes;
    long acks;
    long answeredByData;
    long misses;
    long lateAcks;
    long refused;
    long staleCalls;
    long errors;
    long polls;
    long lastLatenessNs;
    long worstLatenessNs;

    Tally() {
        for (DeathCause.Kind kind : DeathCause.Kind.values()) {
            deaths.put(kind, new Count());
        }
    }

    void died(DeathCause.Kind kind) {
        requireNonNull(deaths.get(kind)).value++;
    }

    long deadBy(DeathCause.Kind kind) {
        return requireNonNull(deaths.get(kind)).value;
    }

    Map<DeathCause.Kind, Long> deadBy() {
        Map<DeathCause.Kind, Long> snapshot = new EnumMap<>(DeathCause.Kind.class);
        deaths.forEach((kind, count) -> snapshot.put(kind, count.value));
        return Collections.unmodifiableMap(snapshot);
    }

    void lateness(long latenessNs) {
        polls++;
        lastLatenessNs = latenessNs;
        worstLatenessNs = Math.max(worstLatenessNs, latenessNs);
    }

    private static final class Count {
        long value;
    }
}
