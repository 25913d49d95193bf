package dev.heartbeat.wheel;

/**
 * The line of ticks, and where on it the wheel's latest instant lies.
 *
 * <p>Ticks are counted from the start, in a {@code long} that does not wrap; instants are placed relative to the latest
 * one, so that the clock may have any origin and may wrap.
 */
final class TickLine {

    /** Below this, 26 days, a product with the reciprocal is close enough. */
    private static final long EXACT = 1L << 51;

    private final long tickNs;
    private final double ticksPerNs;

    private long nowNs;
    private long nowTick;
    private long nowTickNs;

    TickLine(long tickNs, long startNs) {
        this.tickNs = tickNs;
        this.ticksPerNs = 1.0 / tickNs;
        this.nowNs = startNs;
        this.nowTickNs = startNs;
    }

    /** The latest instant that was told. */
    long nowNs() {
        return nowNs;
    }

    /** The tick that the latest instant lies in. */
    long nowTick() {
        return nowTick;
    }

    /** Goes on to an instant; one before the latest is taken as the latest. */
    void observe(long instantNs) {
        if (instantNs - nowNs <= 0) {
            return;
        }
        nowNs = instantNs;
        long lengthNs = instantNs - nowTickNs;
        if (lengthNs >= tickNs) {
            long ticks = wholeTicks(lengthNs);
            nowTick += ticks;
            nowTickNs += ticks * tickNs;
        }
    }

    /** The first tick that starts at or after a deadline, but never one that the latest instant has reached. */
    long dueTick(long deadlineNs) {
        long lengthNs = deadlineNs - nowTickNs;
        if (lengthNs <= tickNs) {
            return nowTick + 1;
        }
        return Math.min(nowTick + wholeTicks(lengthNs - 1) + 1, Word.MAX_TICK);
    }

    /** The instant at which a tick starts. */
    long startNs(long tick) {
        return nowTickNs + (tick - nowTick) * tickNs;
    }

    /**
     * How many ticks fit into a length of at least 0.
     *
     * <p>A 64-bit division costs more than the rest of setting a timer. The product with the reciprocal has a relative
     * error below 2<sup>-51</sup>: for the lengths it is used for never a tick too many, and at most one too few.
     */
    private long wholeTicks(long lengthNs) {
        if (lengthNs >= EXACT) {
            return lengthNs / tickNs;
        }
        long ticks = (long) (lengthNs * ticksPerNs);
        return lengthNs - ticks * tickNs >= tickNs ? ticks + 1 : ticks;
    }
}
