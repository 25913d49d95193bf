package dev.heartbeat.reconnect;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When one client may try again: the state of one connection that is to be there for ever.
 *
 * <p>A pure state machine. It opens no socket and reads no clock; the host asks how long to wait, tries, and says what
 * came of it:
 *
 * <pre>{@code
 * Reconnect reconnect = policy.start(nowNs);
 * // whenever its delay has passed:
 * if (reconnect.nextDelayNs(nowNs) == 0) {
 *     closeTheOldSocketByForce();
 *     long epoch = reconnect.attempt(nowNs);      // goes with the new socket and with everything that comes from it
 *     connect(epoch);
 * }
 * // from the socket:
 * if (!reconnect.connected(epoch, nowNs)) close(socketOf(epoch));
 * reconnect.lost(epoch, nowNs);                   // refused, timed out, dead, closed: all the same
 * }</pre>
 *
 * <p>Each attempt is an <b>epoch</b>. What is said of an earlier one is refused, so nothing of an old connection touches
 * the new one, however late it comes.
 *
 * <p><b>Threading:</b> confined to the thread that made it; with {@code -ea} a call from another fails an assertion.
 */
public final class Reconnect {
    /** The delay while there is nothing to wait for: an attempt is under way, or the connection is there. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final double UNIT = 0x1.0p-53;

    private enum State {
        WAITING,
        CONNECTING,
        CONNECTED
    }

    private final Thread owner = Thread.currentThread();
    private final LongSupplier random;
    private ReconnectPolicy policy;
    private @Nullable AttemptBudget budget; // null until a policy has one
    private State state = State.WAITING;
    private long epoch;
    private long failures;
    private long ceilingNs;
    private long waitFromNs;
    private long waitNs;
    private boolean waitIsServers;
    private long connectedNs;
    private boolean hasReturn;
    private long returnNs;

    Reconnect(ReconnectPolicy policy, LongSupplier random, long nowNs) {
        this.policy = policy;
        this.random = requireNonNull(random, "random");
        this.budget = policy.hasBudget() ? fullBudget(policy, nowNs) : null;
        ceilingNs = policy.initialNs();
        await(nowNs, ceilingNs);
    }

    /**
     * How long until the next attempt is allowed: what is left of the wait, or until the budget has a token, whichever
     * is longer.
     *
     * @param nowNs an instant
     * @return 0 if {@link #attempt} may be called; {@link #NEVER} if no attempt is waited for
     */
    public long nextDelayNs(long nowNs) {
        checkThread();
        return state == State.WAITING ? Math.max(waitLeftNs(nowNs), budgetDelayNs(nowNs)) : NEVER;
    }

    /**
     * Begins an attempt and a new epoch, and takes a token from the budget.
     *
     * @param nowNs an instant
     * @return the new epoch, to go with the socket; 1 for the first
     * @throws IllegalStateException if {@link #nextDelayNs} is not 0
     */
    public long attempt(long nowNs) {
        long delayNs = nextDelayNs(nowNs);
        if (delayNs != 0) {
            throw new IllegalStateException(
                    state == State.WAITING
                            ? "attempt: " + Duration.ofNanos(delayNs) + " early"
                            : "attempt: " + state + " (expected: WAITING)");
        }
        AttemptBudget bucket = budget;
        if (bucket != null && policy.hasBudget()) {
            bucket.take();
        }
        state = State.CONNECTING;
        return ++epoch;
    }

    /**
     * The attempt has succeeded. Nothing is forgiven yet.
     *
     * @param epoch that {@link #attempt} returned
     * @param nowNs an instant
     * @return false if that attempt was given up in the meantime: its socket must be closed
     */
    public boolean connected(long epoch, long nowNs) {
        checkThread();
        if (epoch != this.epoch || state != State.CONNECTING) {
            return false;
        }
        state = State.CONNECTED;
        connectedNs = nowNs;
        return true;
    }

    /**
     * The attempt has failed or the connection is gone; draws the wait for the next.
     *
     * @param epoch that {@link #attempt} returned
     * @param nowNs an instant
     * @return false, and nothing changed, if this was known or is of an earlier epoch
     */
    public boolean lost(long epoch, long nowNs) {
        checkThread();
        if (epoch != this.epoch || state == State.WAITING) {
            return false;
        }
        boolean stable = state == State.CONNECTED && nowNs - connectedNs >= policy.stableAfterNs();
        state = State.WAITING;
        if (stable) {
            forgive();
        } else {
            failures++;
            ceilingNs = policy.nextCeilingNs(ceilingNs);
        }
        if (hasReturn) {
            hasReturn = false;
            // After a stable connection the window is all that counts; before, it must not be a short cut.
            awaitReturn(nowNs, stable ? returnNs : Math.max(returnNs, ceilingNs));
        } else {
            await(nowNs, ceilingNs);
        }
        return true;
    }

    /**
     * The server asks to return within a window: the wait is drawn evenly from it. Said while connected or connecting, it
     * counts from the moment the connection is lost, and for that one loss; while waiting, from now. A window longer than
     * the policy's {@link ReconnectPolicy#longestReturn()} is cut to that.
     *
     * @param window greater than zero
     * @param nowNs an instant
     * @throws IllegalArgumentException if {@code window} is not greater than zero; nothing changed then
     */
    public void returnWithin(Duration window, long nowNs) {
        checkThread();
        long windowNs = Math.min(Checks.positiveNs("window", window), policy.longestReturnNs());
        if (state == State.WAITING) {
            awaitReturn(nowNs, failures == 0 ? windowNs : Math.max(windowNs, ceilingNs));
        } else {
            hasReturn = true;
            returnNs = windowNs;
        }
    }

    /**
     * There is reason to think that it will work now: the network is back, or someone is looking. The failures are
     * forgotten and the wait is drawn again from the first ceiling, never to be longer than what was left. Neither the
     * budget nor a window that the server has named is passed over. Without effect unless waiting after a failure: said
     * many times it does what it does once, so that the clients behind one network that comes back stay spread.
     *
     * @param nowNs an instant
     */
    public void hurry(long nowNs) {
        checkThread();
        if (state != State.WAITING || waitIsServers || failures == 0) {
            return;
        }
        forgive();
        long leftNs = waitLeftNs(nowNs);
        await(nowNs, Math.min(ceilingNs, leftNs));
    }

    /**
     * Goes on under another policy, as when the application goes to the background. What has failed is remembered; a
     * wait goes on but is cut to the new max; a new budget starts with what is in the one before it, or full.
     *
     * @param policy the new policy
     * @param nowNs an instant
     */
    public void policy(ReconnectPolicy policy, long nowNs) {
        checkThread();
        requireNonNull(policy, "policy");
        if (policy.hasBudget()) { // else the old one stays, and fills: turns between policies make no tokens
            AttemptBudget old = budget;
            budget = old == null
                    ? fullBudget(policy, nowNs)
                    : old.resized(policy.budgetAttempts(), policy.budgetPerAttemptNs(), nowNs);
        }
        this.policy = policy;
        ceilingNs = failures == 0 ? policy.initialNs() : policy.clampToMaxNs(Math.max(ceilingNs, policy.initialNs()));
        if (state == State.WAITING && !waitIsServers) {
            waitNs = policy.clampToMaxNs(waitLeftNs(nowNs));
            waitFromNs = nowNs;
        }
    }

    /**
     * The number of the latest attempt.
     *
     * @return 0 before the first
     */
    public long epoch() {
        checkThread();
        return epoch;
    }

    /**
     * Whether something that comes from a socket still counts.
     *
     * @param epoch that {@link #attempt} returned
     * @return true if it is the latest, and connecting or connected
     */
    public boolean isCurrent(long epoch) {
        checkThread();
        return epoch == this.epoch && state != State.WAITING;
    }

    /**
     * Whether a connection is there.
     *
     * @return true from {@link #connected} to {@link #lost}
     */
    public boolean isConnected() {
        checkThread();
        return state == State.CONNECTED;
    }

    /**
     * Attempts that failed and connections that did not last, since one that did.
     *
     * @return 0 or more
     */
    public long failures() {
        checkThread();
        return failures;
    }

    /**
     * Whether the budget has no token, so that waiting alone is not enough.
     *
     * @param nowNs an instant
     * @return false if the policy has no budget
     */
    public boolean isExhausted(long nowNs) {
        checkThread();
        return budgetDelayNs(nowNs) > 0;
    }

    private static AttemptBudget fullBudget(ReconnectPolicy policy, long nowNs) {
        return new AttemptBudget(policy.budgetAttempts(), policy.budgetPerAttemptNs(), nowNs);
    }

    private void forgive() {
        failures = 0;
        ceilingNs = policy.initialNs();
    }

    private void await(long nowNs, long belowNs) {
        waitFromNs = nowNs;
        waitNs = draw(belowNs);
        waitIsServers = false;
    }

    private void awaitReturn(long nowNs, long belowNs) {
        await(nowNs, belowNs);
        waitIsServers = true;
    }

    private long waitLeftNs(long nowNs) {
        long passedNs = nowNs - waitFromNs;
        if (passedNs < 0) {
            return waitNs; // a clock that went back: nothing has passed
        }
        return passedNs >= waitNs ? 0 : waitNs - passedNs;
    }

    private long budgetDelayNs(long nowNs) {
        AttemptBudget bucket = budget;
        return bucket != null && policy.hasBudget() ? bucket.delayNs(nowNs) : 0;
    }

    /** Even in [0, belowNs), to the 53 bits of a double; 0 if that is empty. */
    private long draw(long belowNs) {
        return (long) ((random.getAsLong() >>> 11) * UNIT * belowNs);
    }

    private void checkThread() {
        assert Thread.currentThread() == owner : "Reconnect is confined to " + owner;
    }

    @Override
    public String toString() {
        return "Reconnect(" + state + ", epoch " + epoch + ", " + failures + " failures)";
    }
}
