package dev.heartbeat.nio;

import dev.heartbeat.interval.nat.ProbeOutcome;
import dev.heartbeat.interval.nat.SideProber;
import java.io.IOException;

/**
 * One probe on its way: asked, silent, heard or, if not heard in time, in doubt until a fresh control connection has told
 * whether the server can be reached at all. What the server says meanwhile still counts.
 */
final class SideProbe implements ProbeLine.Ear {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long RECEIPT_LATE_NS = 100 * NANOS_PER_MILLI;

    private enum State {
        ASKING,
        SILENT,
        CONFIRMING,
        DOUBTING,
        ENDED
    }

    final long id;
    private final long idleNs;
    private final SideProber.Listener listener;
    private final ProbeDesk desk;
    private final ProbeLine line;
    private State state = State.ASKING;
    private long deadlineNs;
    private boolean hasReceipt;
    private long silentSinceNs;
    private long echoAfterNs;
    private int asked;
    private boolean listening;
    private boolean stalled;
    private boolean reported;

    SideProbe(ProbeDesk desk, long id, long idleNs, SideProber.Listener listener) {
        this.desk = desk;
        this.id = id;
        this.idleNs = idleNs;
        this.listener = listener;
        this.line = desk.newLine();
    }

    boolean isControl() {
        return idleNs == 0;
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    void start(long nowNs) {
        deadlineNs = nowNs + desk.retryNs();
        try {
            line.open((idleNs + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI, this);
        } catch (IOException | RuntimeException e) {
            end(ProbeOutcome.UNREACHABLE); // no network, no route, no socket
        }
    }

    long leftNs(long nowNs) {
        return state == State.DOUBTING ? Long.MAX_VALUE : Math.max(0, deadlineNs - nowNs);
    }

    void due(long nowNs) {
        switch (state) {
            case ASKING, CONFIRMING -> {
                if (++asked < desk.tries() && line.askAgain()) {
                    deadlineNs = nowNs + desk.retryNs();
                } else {
                    end(state == State.ASKING ? ProbeOutcome.UNREACHABLE : ProbeOutcome.PROVEN);
                }
            }
            case SILENT -> {
                stalled |= nowNs - deadlineNs >= ProbeDesk.LONG_STALL_NS;
                if (!listening) {
                    listening = true; // woken up for nothing but to see whether we are awake
                    deadlineNs = silentSinceNs + idleNs + desk.patienceNs();
                } else if (stalled) {
                    end(ProbeOutcome.STALLED);
                } else {
                    state = State.DOUBTING;
                    desk.control(this);
                }
            }
            case DOUBTING, ENDED -> {}
        }
    }

    /** A fresh connection has told whether the server answers. */
    void controlEnded(boolean answered) {
        if (state == State.DOUBTING) {
            end(answered ? ProbeOutcome.LOST : ProbeOutcome.UNREACHABLE);
        }
    }

    /** We did not run for long. What the kernel took meanwhile we have; what it did not, if it slept too, we have not. */
    void stalledUntil(long nowNs) {
        stalled |= state == State.SILENT && nowNs - silentSinceNs - idleNs >= 0;
    }

    // ---- what was heard

    @Override
    public void onReceipt() {
        long nowNs = desk.nowNs();
        if (state == State.ASKING) {
            hasReceipt = true;
            silentSinceNs = nowNs;
            if (isControl()) {
                end(ProbeOutcome.PROVEN);
                return;
            }
            state = State.SILENT;
            deadlineNs = nowNs + idleNs;
        } else if (state == State.SILENT) {
            silentSinceNs = nowNs; // to a request of ours that was repeated
            deadlineNs = nowNs + idleNs;
        }
    }

    @Override
    public void onRefused() {
        if (state == State.ASKING || state == State.SILENT) {
            end(ProbeOutcome.REFUSED);
        }
    }

    @Override
    public void onEcho(long delayNs) {
        if (state == State.ASKING) {
            silentSinceNs = desk.nowNs(); // the receipt was lost, so nobody knows how long the silence was
            end(ProbeOutcome.STALLED);
        } else if (state == State.SILENT || state == State.DOUBTING) {
            long heardNs = desk.nowNs() - silentSinceNs;
            // Between what it said last and this, the server waited so long; a receipt that came late does not count.
            echoAfterNs = delayNs - heardNs < RECEIPT_LATE_NS ? Math.max(heardNs, delayNs) : heardNs;
            desk.noControl(this);
            asked = 0;
            if (line.confirm()) {
                state = State.CONFIRMING;
                deadlineNs = desk.nowNs() + desk.retryNs();
            } else {
                end(ProbeOutcome.PROVEN);
            }
        }
    }

    @Override
    public void onConfirmed(boolean samePlace) {
        if (state == State.CONFIRMING) {
            end(samePlace ? ProbeOutcome.PROVEN : ProbeOutcome.LOST);
        }
    }

    @Override
    public void onNoise() {
        if (state == State.SILENT) {
            end(ProbeOutcome.STALLED);
        }
    }

    @Override
    public void onEnd(boolean inOrder) {
        switch (state) {
            case ASKING -> end(ProbeOutcome.UNREACHABLE);
            case SILENT -> end(inOrder ? ProbeOutcome.CLOSED : ProbeOutcome.RESET);
            case CONFIRMING -> end(ProbeOutcome.PROVEN);
            case DOUBTING, ENDED -> {}
        }
    }

    // ---- the end

    private void end(ProbeOutcome outcome) {
        long nowNs = desk.nowNs();
        long silenceNs = switch (outcome) {
            case PROVEN -> isControl() ? 0 : echoAfterNs;
            case LOST -> idleNs;
            default -> hasReceipt ? nowNs - silentSinceNs : 0;
        };
        drop(outcome != ProbeOutcome.PROVEN);
        if (!reported) {
            reported = true;
            desk.ended(this);
            listener.onOutcome(id, outcome, silenceNs, nowNs);
        }
    }

    /** Ends it and tells nobody. */
    void drop(boolean byForce) {
        if (state != State.ENDED) {
            state = State.ENDED;
            desk.noControl(this);
            line.close(byForce);
        }
    }

    void dropUntold() {
        reported = true;
        drop(true);
    }
}
