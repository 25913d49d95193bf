package dev.heartbeat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Why a connection is dead, with the numbers that led to it.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class DeathCause {
    /** What was seen. */
    public enum Kind {
        /** The peer showed no sign of life for as long as the policy allows. */
        PEER_SILENT,

        /** A probe could not be written: nothing at all left us for as long as the policy allows. */
        PROBE_UNWRITTEN,

        /** The peer closed the transport. */
        CLOSED_BY_PEER,

        /** The transport failed: a reset, an unreachable network. */
        TRANSPORT_ERROR,

        /** The peer broke the protocol or a limit. */
        ABUSE
    }

    private final Kind kind;
    private final long silenceNs;
    private final int consecutiveMisses;
    private final long roundTripNs;
    private final Supplier<String> detail;

    DeathCause(Kind kind, long silenceNs, int consecutiveMisses, long roundTripNs, Supplier<String> detail) {
        this.kind = requireNonNull(kind, "kind");
        this.silenceNs = Math.min(silenceNs, Checks.MAX_NS);
        this.consecutiveMisses = consecutiveMisses;
        this.roundTripNs = roundTripNs;
        this.detail = detail;
    }

    /**
     * What was seen.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * How long nothing had arrived, on the host's clock: a stall of our own is part of it here, though it never counted
     * against the peer.
     *
     * @return at least 0
     */
    public Duration silence() {
        return Duration.ofNanos(silenceNs);
    }

    /**
     * Probes in a row that had stayed without an answer.
     *
     * @return at least 0
     */
    public int consecutiveMisses() {
        return consecutiveMisses;
    }

    /**
     * The last round trip that was measured.
     *
     * @return empty if no probe was ever answered in time, or the monitor does not count per connection
     */
    public Optional<Duration> lastRoundTrip() {
        return roundTripNs < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(roundTripNs));
    }

    /**
     * The detector's or the adapter's own words. They are found when they are asked for: when a million connections die
     * at once, nobody waits for a million sentences.
     *
     * @return one line, or empty; a detector that throws instead of explaining is quoted
     */
    public String detail() {
        try {
            return detail.get();
        } catch (RuntimeException e) {
            return "no explanation: " + e;
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.name())
                .append(" after ")
                .append(silence())
                .append(" of silence, ")
                .append(consecutiveMisses)
                .append(" consecutive misses");
        lastRoundTrip().ifPresent(rtt -> text.append(", last round trip ").append(rtt));
        String words = detail();
        return words.isEmpty()
                ? text.toString()
                : text.append(" (").append(words).append(')').toString();
    }
}
