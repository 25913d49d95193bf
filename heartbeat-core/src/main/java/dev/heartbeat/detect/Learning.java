package dev.heartbeat.detect;

/**
 * Which intervals an accrual detector learns from. The published ones differ in just this, and break on it.
 *
 * <p><b>Threading:</b> immutable.
 */
public enum Learning {
    /**
     * All of them, as Hayashibara's paper has it. One long outage then blinds the detector for as long as it is in
     * the window.
     */
    EVERYTHING,

    /**
     * None that ended a suspicion, as in Akka and Pekko. A peer that slows down is then suspected before each of its
     * heartbeats for ever.
     */
    UNSUSPECTED,

    /** None that is longer than 20 announced ones, much as in Cassandra. */
    NO_OUTAGES,

    /**
     * None for more than the silence at which suspicion began, except that a peer that was suspected four times in a
     * row has changed its pace, and is learnt afresh. The default.
     */
    CLIPPED
}
