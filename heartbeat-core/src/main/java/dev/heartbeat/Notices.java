package dev.heartbeat;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Calls out to listeners and transports. What they throw is counted and told, and stops nobody else from being served;
 * an {@link Error} goes on up.
 */
final class Notices {
    private final HeartbeatListener listener;
    private final Tally tally;
    private final Deque<Untold> untold = new ArrayDeque<>();

    private record Untold(long handle, RuntimeException thrown) {}

    Notices(HeartbeatListener listener, Tally tally) {
        this.listener = listener;
        this.tally = tally;
    }

    void sendProbe(HeartbeatTransport transport, long handle, int probeId) {
        try {
            transport.sendProbe(handle, probeId);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void close(HeartbeatTransport transport, long handle, DeathCause cause) {
        try {
            transport.close(handle, cause);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void dead(long handle, DeathCause cause) {
        try {
            listener.onDead(handle, cause);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void suspect(long handle, long silenceNs) {
        try {
            listener.onSuspect(handle, silenceNs);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void recovered(long handle) {
        try {
            listener.onRecovered(handle);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void ack(long handle, long roundTripNs) {
        try {
            listener.onAck(handle, roundTripNs);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void miss(long handle, int consecutiveMisses) {
        try {
            listener.onMiss(handle, consecutiveMisses);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void lateAck(long handle, int probeId) {
        try {
            listener.onLateAck(handle, probeId);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void refused(long handle, Refusal refusal) {
        tally.refused++;
        try {
            listener.onRefused(handle, refusal);
        } catch (RuntimeException e) {
            error(handle, e);
        }
    }

    void stall(long stallNs) {
        try {
            listener.onStall(stallNs);
        } catch (RuntimeException e) {
            error(0, e);
        }
    }

    /** Counts what a part of a policy did wrong, to be told when nobody is in the middle of anything. */
    void errorLater(long handle, RuntimeException thrown) {
        tally.errors++;
        Untold last = untold.peekLast();
        if (last == null || last.handle() != handle) {
            untold.add(new Untold(handle, thrown));
        } else if (last.thrown() != thrown) {
            last.thrown().addSuppressed(thrown); // one after the other is one piece of news
        }
    }

    /** Tells what was put off. The caller takes nothing for granted afterwards. */
    void tellErrors() {
        while (!untold.isEmpty()) {
            Untold next = untold.remove();
            tell(next.handle(), next.thrown());
        }
    }

    /** Counts and tells what was thrown; a listener that cannot even hear of errors is told of to the thread. */
    void error(long handle, RuntimeException thrown) {
        tally.errors++;
        tell(handle, thrown);
    }

    private static void tellTheThread(RuntimeException thrown) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (RuntimeException e) {
            // A handler that throws is ignored, as the virtual machine does.
        }
    }

    private void tell(long handle, RuntimeException thrown) {
        try {
            listener.onError(handle, thrown);
        } catch (RuntimeException e) {
            if (e != thrown) { // which would be refused
                e.addSuppressed(thrown);
            }
            tellTheThread(e);
        }
    }
}
