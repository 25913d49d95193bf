package dev.heartbeat.interval.nat;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the smart interval stores about the present network, and when it believes it. */
final class PathMemory {
    private static final long SAVE_AGAIN_NS = Duration.ofHours(12).toNanos();
    private static final long TRUSTED_FOR_MS = Duration.ofDays(7).toMillis();

    private final @Nullable NetworkProfileStore store;
    private final Clock wallClock;
    private final SideProber prober;
    private final Supplier<String> network;
    private NetworkKey key;
    private @Nullable NetworkProfile saved;
    private long savedNs;

    PathMemory(@Nullable NetworkProfileStore store, Clock wallClock, SideProber prober, Supplier<String> network) {
        this.store = store;
        this.wallClock = wallClock;
        this.prober = prober;
        this.network = network;
        this.key = key();
    }

    private NetworkKey key() {
        return new NetworkKey(prober.transport(), requireNonNull(network.get(), "network"), prober.server());
    }

    /** The network may be another one now. */
    void moved() {
        saved = null;
        key = new NetworkKey(key.transport(), "", key.server()); // should the question for it fail
        key = key();
    }

    void recall(NatTimeoutEstimator estimator, RetryBudget budget) {
        if (store == null) {
            return;
        }
        Optional<NetworkProfile> found = store.load(key);
        if (found.isPresent()) {
            NetworkProfile profile = found.get();
            long ageMs = wallClock.millis() - profile.savedAtMs();
            boolean fresh = ageMs <= TRUSTED_FOR_MS && ageMs >= -TRUSTED_FOR_MS;
            boolean trusted =
                    fresh && profile.confidence() > 0 && !key.network().isEmpty();
            estimator.restore(profile, trusted);
            budget.recall(profile.slackNs());
        }
    }

    void saveIfNew(NatTimeoutEstimator estimator, RetryBudget budget, long nowNs) {
        if (store == null || estimator.state() != SearchState.SETTLED) {
            return;
        }
        NetworkProfile before = saved;
        NetworkProfile now = estimator.profile(0, 0);
        boolean isNew = now != null
                && (before == null || before.provenNs() != now.provenNs() || before.failedNs() != now.failedNs());
        if (isNew || nowNs - savedNs > SAVE_AGAIN_NS) {
            savedNs = nowNs;
            save(estimator, budget);
        }
    }

    void save(NatTimeoutEstimator estimator, RetryBudget budget) {
        if (store == null) {
            return;
        }
        long slackNs = budget.slackNs(estimator.estimateNs());
        NetworkProfile profile = estimator.profile(slackNs, wallClock.millis());
        if (profile != null) {
            saved = profile;
            store.save(key, profile);
        }
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
