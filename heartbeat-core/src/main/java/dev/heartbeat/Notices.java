package dev.heartbeat;

/**
 * Calls out to listeners and transports. What they throw is counted and told, and stops nobody else from being served;
 * an {@link Error} goes on up.
 */
final class Notices {
    private final HeartbeatListener listener;
    private final Tally tally;

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

    /** Counts and tells what was thrown; a listener that cannot even hear of errors is told of to the thread. */
    void error(long handle, RuntimeException thrown) {
        tally.errors++;
        try {
            listener.onError(handle, thrown);
        } catch (RuntimeException e) {
            e.addSuppressed(thrown);
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
