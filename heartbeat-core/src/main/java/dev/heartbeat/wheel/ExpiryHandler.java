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

    /**
     * A hint, a few dozen ids before it is needed: this timer may fire next. A handler that keeps its own columns reads
     * what {@link #onExpiry} will look at, so that it comes from memory together with its neighbours, not one by one.
     * Must change nothing; the timer may have been cancelled or postponed, and may not fire at all.
     *
     * @param id the timer's number
     * @return anything made of what was read, so that the reading is not optimized away
     */
    default long readAhead(int id) {
        return 0;
    }
}
