package dev.heartbeat.interval.nat;

import dev.heartbeat.internal.Checks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the idle timeout of a path: decides which silence to try next, and what the answers mean.
 *
 * <p>A pure state machine: reads no clock, opens no connection. The host asks {@link #nextProbe} until it answers -1,
 * has each of those idle times tried on a sacrificial connection and reports with {@link #onOutcome}.
 *
 * <p>The search runs up a ladder of idle times until one fails, then cuts the bracket between the longest that
 * succeeded and the shortest that failed: in two with one lane (doubling and bisection), in as many parts as there
 * are lanes with several, since probes that wait side by side cost no more than the time of the longest. A success
 * is proof and overrules any failure at a shorter time. A bracket of one cell, the tolerance, ends the search.
 * After that, the time that failed is tried again at growing distances: the path may have become better.
 *
 * <p>When the user's own connection is lost after a silence that was proven, the proof is <em>doubted</em>: a safe
 * interval holds at once, the old time is tried again on the side, together with the ladder below it, and counts
 * again when it succeeds.
 *
 * <p><b>Threading:</b> confined to one thread at a time.
 */
public final class NatTimeoutEstimator {
    private static final int FRUITLESS = 3;

    private final Bounds bounds;
    private final ProbeLanes lanes;
    private final Holding hold = new Holding();
    private final Growth growth;
    private final BrokenEarly brokenEarly;

    /** The idle times to start, ascending. */
    private final ProbePlan plan;

    private final Bracket known = new Bracket();
    private final Doubt doubt;
    private long safeNs;
    private int confirmations;
    private int fruitless;
    private long probes;

    NatTimeoutEstimator(Bounds bounds, int lanes) {
        this.bounds = bounds;
        this.lanes = new ProbeLanes(lanes);
        this.plan = new ProbePlan(bounds);
        this.growth = new Growth(bounds);
        this.doubt = new Doubt(bounds.scale());
        this.brokenEarly = new BrokenEarly(bounds.scale());
        this.safeNs = bounds.safeStartNs();
    }

    /**
     * Makes an estimator that knows nothing yet.
     *
     * @param bounds what it keeps to
     * @param lanes how many probes may be on their way at a time, from 1 to 64
     * @return the estimator
     * @throws IllegalArgumentException if {@code lanes} is out of its range
     */
    public static NatTimeoutEstimator create(Bounds bounds, int lanes) {
        return new NatTimeoutEstimator(bounds, Checks.inRange("lanes", lanes, 1, 64));
    }

    // ---- what to do

    /**
     * The next probe to start, if one is due and a lane is free.
     *
     * @param nowNs the present instant
     * @return its lane, from 0, whose silence {@link #probeIdleNs} tells; -1 if there is nothing to start now
     */
    public int nextProbe(long nowNs) {
        if (!hold.isOver(nowNs)) {
            return -1;
        }
        plan.keepWithin(lowNs(), highNs());
        if (plan.isEmpty()) {
            if (lanes.isUnderWay(lowNs() + 1, highNs() - 1)) {
                return -1;
            }
            makePlan(nowNs);
        }
        if (plan.isEmpty()) {
            return -1;
        }
        lanes.abandonOutside(lowNs() + 1, highNs() - 1);
        int lane = lanes.occupy(plan.firstNs());
        if (lane >= 0) {
            plan.removeFirst();
            probes++;
        }
        return lane;
    }

    /**
     * The silence that a lane's probe tries.
     *
     * @param lane as answered by {@link #nextProbe}
     * @return a length in nanoseconds, greater than 0
     */
    public long probeIdleNs(int lane) {
        return lanes.idleNs(lane);
    }

    /**
     * A probe that is no longer worth waiting for; the host cancels it and calls {@link #cancelled}.
     *
     * @return its lane, or -1 if there is none
     */
    public int nextAbandoned() {
        return lanes.nextAbandoned();
    }

    /**
     * A probe was given up; it will not be reported.
     *
     * @param lane the lane
     */
    public void cancelled(int lane) {
        lanes.release(lane);
    }

    /**
     * How long nothing can be due, unless something is reported.
     *
     * @param nowNs the present instant
     * @return a length in nanoseconds, 0 or more; {@link Long#MAX_VALUE} if only a report can change anything
     */
    public long delayUntilNextNs(long nowNs) {
        if (!hold.isOver(nowNs)) {
            return hold.leftNs(nowNs);
        }
        if (plan.isEmpty() && lanes.isUnderWay(lowNs() + 1, highNs() - 1)) {
            return Long.MAX_VALUE;
        }
        if (!plan.isEmpty() && lanes.isFull()) {
            return Long.MAX_VALUE;
        }
        if (isSettled() && !growth.isTrying()) {
            return lowNs() < bounds.maxNs() ? growth.leftNs(nowNs) : Long.MAX_VALUE;
        }
        return 0;
    }

    // ---- what is known

    /**
     * The estimate: the longest proven idle time, also while it is doubted; the safe start before anything is proven.
     *
     * @return a length in nanoseconds, greater than 0
     */
    public long estimateNs() {
        if (doubt.isStanding()) {
            return doubt.oldNs();
        }
        return known.hasProven() ? known.provenNs() : unprovenNs();
    }

    /**
     * The interval to operate at: what is proven less a slack, and never out of bounds.
     *
     * @param slackNs a length in nanoseconds, 0 or more: time for retries, and for wake-ups that come late
     * @return a length in nanoseconds within the bounds
     */
    public long intervalNs(long slackNs) {
        if (doubt.isTrusted()) {
            return bounds.clamp(doubt.oldNs() - slackNs);
        }
        return bounds.clamp(known.hasProven() ? known.provenNs() - slackNs : unprovenNs());
    }

    /**
     * Whether {@link #intervalNs} rests on a proof, or on what was remembered as one.
     *
     * @return false while the safe start holds
     */
    public boolean isProven() {
        return known.hasProven() || doubt.isTrusted();
    }

    /**
     * How far the search is.
     *
     * @return the state
     */
    public SearchState state() {
        if (doubt.isStanding()) {
            return SearchState.DOUBTING;
        }
        return isSettled() ? SearchState.SETTLED : SearchState.SEARCHING;
    }

    /**
     * How many probes were started so far.
     *
     * @return 0 or more
     */
    public long probes() {
        return probes;
    }

    /**
     * What is worth remembering, if there is anything.
     *
     * @param slackNs to be remembered with it
     * @param savedAtMs wall-clock time
     * @return the profile, or null while nothing is proven, or nothing beyond what was {@linkplain #restore restored}
     */
    @Nullable
    NetworkProfile profile(long slackNs, long savedAtMs) {
        if (doubt.isTrusted()) {
            return null; // what is stored is as good, and no fresher
        }
        Bracket best = doubt.isStanding() ? doubt.old() : known;
        int confidence = doubt.isStanding() ? 0 : confirmations;
        return best.hasProven()
                ? new NetworkProfile(best.provenNs(), best.failedNs(), slackNs, confidence, savedAtMs)
                : null;
    }

    /**
     * Takes over what was remembered. It is tried again on the side either way.
     *
     * @param profile what was remembered
     * @param trusted true to operate on it at once, false to stay at the safe start until it is confirmed
     */
    public void restore(NetworkProfile profile, boolean trusted) {
        if (profile.provenNs() <= safeNs) {
            return;
        }
        forget();
        Bracket old = new Bracket();
        old.prove(Math.min(profile.provenNs(), bounds.maxNs()));
        if (profile.hasFailed()) {
            old.fail(profile.failedNs());
        }
        doubt.raise(old, trusted);
        confirmations = profile.confidence();
    }

    // ---- what happened

    /**
     * A probe has ended.
     *
     * @param lane as answered by {@link #nextProbe}; free again after this call
     * @param outcome what was seen
     * @param silenceNs how long the connection had been silent then; what makes it longer than asked is never taken
     *     for proof, and what makes it shorter is, but for less than the minimum
     * @param nowNs the present instant
     */
    public void onOutcome(int lane, ProbeOutcome outcome, long silenceNs, long nowNs) {
        if (!lanes.isBusy(lane)) {
            return;
        }
        long askedNs = lanes.idleNs(lane);
        lanes.release(lane);
        boolean wasSettled = isSettled();
        switch (outcome) {
            case PROVEN -> proven(askedNs, Math.max(1, Math.min(askedNs, silenceNs)), nowNs);
            case LOST -> lost(askedNs, Math.max(askedNs, silenceNs), nowNs);
            case RESET, CLOSED -> {
                if (silenceNs < bounds.minNs()) {
                    hold.backOff(nowNs);
                } else if (brokenEarly.again(silenceNs, nowNs)) {
                    lost(askedNs, silenceNs, nowNs);
                } else {
                    hold.shortly(nowNs);
                }
            }
            case REFUSED -> {
                lanes.allow(lanes.allowed() / 2);
                hold.backOff(nowNs);
            }
            case UNREACHABLE -> hold.backOff(nowNs);
            default -> hold.shortly(nowNs);
        }
        if (isSettled() && !wasSettled) {
            confirmations = Math.max(1, confirmations);
            growth.settled(estimateNs(), known.hasFailed(), nowNs);
        }
    }

    private void proven(long askedNs, long idleNs, long nowNs) {
        if (idleNs < askedNs - bounds.scale().cellNs(askedNs) / 4) {
            // A server that speaks before its time would be asked again at once, for ever.
            hold.backOff(nowNs);
            if (idleNs < bounds.minNs()) {
                return;
            }
        } else {
            hold.clear();
        }
        fruitless = 0;
        known.prove(Math.min(idleNs, bounds.maxNs()));
        if (known.provenNs() >= bounds.safeStartNs()) {
            safeNs = bounds.safeStartNs();
        }
        if (growth.isTrying() && !known.hasFailed()) {
            growth.found();
        }
        if (doubt.isRefutedBy(known)) {
            confirmations++;
        }
    }

    private void lost(long askedNs, long idleNs, long nowNs) {
        if (idleNs <= known.provenNs()) {
            // Proof is stronger. Should the path have become worse, the user's connection will tell.
            hold.backOff(nowNs);
            return;
        }
        boolean wider = known.hasFailed() && idleNs >= known.failedNs() && !growth.isTrying();
        if (wider && (++fruitless < FRUITLESS || askedNs <= known.provenNs())) {
            return;
        }
        // When the server or we are always late, the time asked for has to do after a few tries.
        known.fail(wider ? askedNs : idleNs);
        fruitless = 0;
        if (growth.isTrying()) {
            growth.failed(estimateNs(), nowNs);
        }
        if (doubt.isConfirmedBy(known)) {
            confirmations = 0;
        }
    }

    /**
     * The user's connection was lost after a silence no longer than {@link #intervalNs} allowed, while a fresh
     * connection worked.
     *
     * @param nowNs the present instant
     */
    public void onMainLost(long nowNs) {
        plan.clear();
        hold.clear();
        if (doubt.isTrusted()) {
            doubt.distrust();
        } else if (doubt.isStanding() || !known.hasProven()) {
            known.forgetProof();
            safeNs = Math.max(bounds.minNs(), safeNs / 2);
        } else {
            doubt.raise(known, false);
            forgetKnown();
        }
    }

    private void forget() {
        doubt.clear();
        forgetKnown();
    }

    private void forgetKnown() {
        lanes.abandonOutside(1, 0);
        plan.clear();
        growth.clear();
        known.clear();
    }

    // ---- the search

    /** Proofs begin above this. */
    private long lowNs() {
        return known.provenNs();
    }

    /** Failures end below this. */
    private long highNs() {
        if (!known.hasFailed()) {
            return Long.MAX_VALUE;
        }
        return growth.isTrying() ? known.failedNs() + 1 : known.failedNs();
    }

    private long unprovenNs() {
        return known.hasFailed() ? Math.min(safeNs, Math.max(bounds.minNs(), known.failedNs() / 2)) : safeNs;
    }

    private boolean isSettled() {
        if (doubt.isStanding()) {
            return false;
        }
        if (known.hasProven()) {
            return known.provenNs() >= bounds.maxNs()
                    || bounds.scale().cells(known.provenNs(), known.failedOr(bounds.maxNs())) <= 1;
        }
        return known.hasFailed() && known.failedNs() <= bounds.minNs();
    }

    private void makePlan(long nowNs) {
        if (doubt.isStanding()) {
            if (!doubt.isTrusted()) {
                plan.ladder(lowNs(), doubt.oldNs(), lanes.allowed());
            }
            plan.add(doubt.oldNs());
        } else if (growth.isTrying()) {
            plan.add(growthNs());
        } else if (isSettled()) {
            if (lowNs() < bounds.maxNs() && growth.begin(nowNs)) {
                plan.add(growthNs());
            }
        } else {
            plan.search(known, safeNs, lanes.allowed());
        }
    }

    private long growthNs() {
        return known.failedOr(bounds.maxNs());
    }

    @Override
    public String toString() {
        return "NatTimeoutEstimator(" + state() + ", estimate " + Duration.ofNanos(estimateNs()) + ", " + probes
                + " probes)";
    }
}
