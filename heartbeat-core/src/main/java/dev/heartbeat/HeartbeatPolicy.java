package dev.heartbeat;

import dev.heartbeat.detect.AckTimeout;
import dev.heartbeat.detect.FailureDetector;
import dev.heartbeat.interval.IntervalStrategy;
import java.time.Duration;

/**
 * How a connection is kept alive and when it is given up: three different questions, each with its own part.
 *
 * <table>
 * <caption>Who answers what</caption>
 * <tr><th>When do I speak next?</th><td>{@link #interval()}, {@link #probeWhen()}, {@link #jitter()}</td></tr>
 * <tr><th>How long do I wait for the answer?</th><td>{@link #ackTimeout()}</td></tr>
 * <tr><th>Given what came and what did not, is the peer gone?</th><td>{@link #failureDetector()}</td></tr>
 * </table>
 *
 * <p>Take {@link #client()} or {@link #server()}, build one with {@link #builder()}, or implement this interface: every
 * method has a default, which is the client's. The parts are read once, when a monitor first sees the policy; an answer
 * that changes with time belongs into the parts, an {@link IntervalStrategy} for instance, which are asked each time:
 *
 * <pre>{@code
 * final class QuietAtNight implements HeartbeatPolicy {
 *     public IntervalStrategy interval() {
 *         return (link, nowNs) -> isNight() ? TimeUnit.MINUTES.toNanos(1) : TimeUnit.SECONDS.toNanos(30);
 *     }
 * }
 * }</pre>
 *
 * <p>Parts that contradict each other are refused when a policy is built, or when a policy of one's own is first used.
 *
 * <p><b>Threading:</b> safe for several threads; the built-in ones are immutable. One instance serves any number of
 * connections and monitors.
 */
public interface HeartbeatPolicy {
    /**
     * When to speak next or, for a policy that only listens, how often the peer should be heard until it announces
     * something else.
     *
     * @return the strategy; 30 s by default
     */
    default IntervalStrategy interval() {
        return Defaults.INTERVAL;
    }

    /**
     * Which silence makes a probe necessary.
     *
     * @return {@link Quiet#OUTBOUND} by default
     */
    default Quiet probeWhen() {
        return Quiet.OUTBOUND;
    }

    /**
     * How long one probe waits for its answer, from the moment that it has left.
     *
     * @return the timeout, at most as long as the shortest interval; 10 s by default
     */
    default AckTimeout ackTimeout() {
        return Defaults.ACK_TIMEOUT;
    }

    /**
     * The ack timeout of a probe that is sent because the application came to the foreground or the network changed.
     *
     * @return greater than 0; 3 s by default; the ordinary ack timeout where that is shorter
     */
    default Duration urgentAckTimeout() {
        return Defaults.URGENT_ACK_TIMEOUT;
    }

    /**
     * Whether the peer is gone.
     *
     * @return the detector; three consecutive misses by default
     */
    default FailureDetector failureDetector() {
        return Defaults.FAILURE_DETECTOR;
    }

    /**
     * How much earlier than planned a probe may be sent, so that a fleet that connected at once does not probe at once:
     * it leaves within [(1 − jitter) · interval, interval], never later.
     *
     * @return from 0, the default, to 0.5
     */
    default double jitter() {
        return 0;
    }

    /**
     * How long a probe may wait to be written while nothing at all leaves. Bytes that drain out begin it anew.
     *
     * @return greater than 0; 30 s by default
     */
    default Duration unwrittenDeadline() {
        return Defaults.UNWRITTEN_DEADLINE;
    }

    /**
     * Whether a policy that only listens sends one probe of its own before it declares a silent peer dead.
     *
     * @return false by default
     */
    default boolean reverseProbe() {
        return false;
    }

    /**
     * The shortest interval that a peer may announce; a shorter one is raised to it.
     *
     * @return greater than 0; 1 s by default
     */
    default Duration shortestAnnounced() {
        return Defaults.SHORTEST_ANNOUNCED;
    }

    /**
     * The longest interval that a peer may announce; a longer one is cut to it.
     *
     * @return at least {@link #shortestAnnounced()}, at most a day; 1 h by default
     */
    default Duration longestAnnounced() {
        return Defaults.LONGEST_ANNOUNCED;
    }

    /**
     * For a client: probe after 30 s in which nothing left, wait 10 s for the ack, three misses are death. A peer that
     * vanishes is found after 60 s at the latest, by a client that has nothing to say.
     *
     * @return the policy
     */
    static HeartbeatPolicy client() {
        return Defaults.CLIENT;
    }

    /**
     * For a server: listen; dead after a silence of 1.5 × the interval that the peer announced (30 s until it does) and
     * one unanswered probe of our own, for which it has 10 s.
     *
     * @return the policy
     */
    static HeartbeatPolicy server() {
        return Defaults.SERVER;
    }

    /**
     * Builds a policy; what is not set is as for {@link #client()}.
     *
     * @return a new builder
     */
    static PolicyBuilder builder() {
        return new PolicyBuilder();
    }
}
