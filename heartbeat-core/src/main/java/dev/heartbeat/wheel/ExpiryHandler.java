package dev.heartbeat.wheel;

/**
 * Told by {@link TimerWheel#advance} about each timer that has come due.
 *
 * <p><b>Threading:</b> called on the thread that advances the wheel.
 */
@FunctionalInterface
public interface ExpiryHandler {

    /**
     * The timer of {@code id} has come due. The wheel has already forgotten it: the handler may schedule or cancel
     * any timer, this one too. A timer set during the call fires in a later call of {@code advance} at the earliest.
     *
     * <p>An exception leaves {@code advance} at once; this timer counts as fired, and the next {@code advance} goes
     * on with the others.
     *
     * @param id the timer's number
     * @param nowNs the latest instant that the wheel has been advanced to; never before the timer's deadline
     */
    void onExpiry(int id, long nowNs);
}
