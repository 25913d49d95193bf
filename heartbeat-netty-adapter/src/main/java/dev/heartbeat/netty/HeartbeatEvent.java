package dev.heartbeat.netty;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.DeathCause;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a channel's peer, as a user event for the handlers behind {@link HeartbeatHandler}.
 *
 * <p><b>Threading:</b> immutable. {@link #SUSPECT} and {@link #RECOVERED} are shared by all channels.
 */
public final class HeartbeatEvent {
    /** What can become of a peer. */
    public enum Kind {
        /** Evidence of life is overdue. */
        SUSPECT,

        /** A suspect showed evidence of life. */
        RECOVERED,

        /** The peer is dead. The channel is closed next, unless the handler was built not to. */
        DEAD
    }

    /** Evidence of life is overdue. */
    public static final HeartbeatEvent SUSPECT = new HeartbeatEvent(Kind.SUSPECT, null);

    /** A suspect showed evidence of life. */
    public static final HeartbeatEvent RECOVERED = new HeartbeatEvent(Kind.RECOVERED, null);

    private final Kind kind;
    private final @Nullable DeathCause cause;

    private HeartbeatEvent(Kind kind, @Nullable DeathCause cause) {
        this.kind = kind;
        this.cause = cause;
    }

    static HeartbeatEvent dead(DeathCause cause) {
        return new HeartbeatEvent(Kind.DEAD, requireNonNull(cause, "cause"));
    }

    /**
     * What happened.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Why the peer is dead.
     *
     * @return there with {@link Kind#DEAD} only
     */
    public Optional<DeathCause> cause() {
        return Optional.ofNullable(cause);
    }

    @Override
    public String toString() {
        return cause == null ? kind.name() : kind + ": " + cause;
    }
}
