package dev.heartbeat;

import org.jspecify.annotations.Nullable;

/**
 * Between a shard's monitor and the listener of the service: puts the service's handle for the monitor's, and is silent
 * about what was closed.
 */
final class Relay implements HeartbeatListener {
    private final HeartbeatListener listener;
    private final Shard shard;
    private @Nullable Connections all;

    Relay(HeartbeatListener listener, Shard shard) {
        this.listener = listener;
        this.shard = shard;
    }

    void of(Connections connections) {
        all = connections;
    }

    private @Nullable Watched at(long handle) {
        Connections connections = all;
        if (connections == null) {
            return null;
        }
        int slot = connections.slot(handle);
        return slot < 0 ? null : (Watched) connections.transport(slot);
    }

    /** The service's handle, or 0 if nobody may be told. */
    private long told(long handle) {
        Watched watched = at(handle);
        return watched != null && watched.isTold() ? watched.handle() : 0;
    }

    @Override
    public void onDead(long handle, DeathCause cause) {
        long its = told(handle);
        if (its != 0) {
            listener.onDead(its, cause);
        }
    }

    @Override
    public void onSuspect(long handle, long silenceNs) {
        long its = told(handle);
        if (its != 0) {
            listener.onSuspect(its, silenceNs);
        }
    }

    @Override
    public void onRecovered(long handle) {
        long its = told(handle);
        if (its != 0) {
            listener.onRecovered(its);
        }
    }

    @Override
    public void onAck(long handle, long roundTripNs) {
        long its = told(handle);
        if (its != 0) {
            listener.onAck(its, roundTripNs);
        }
    }

    @Override
    public void onMiss(long handle, int consecutiveMisses) {
        long its = told(handle);
        if (its != 0) {
            listener.onMiss(its, consecutiveMisses);
        }
    }

    @Override
    public void onLateAck(long handle, int probeId) {
        long its = told(handle);
        if (its != 0) {
            listener.onLateAck(its, probeId);
        }
    }

    @Override
    public void onRefused(long handle, Refusal refusal) {
        long its = told(handle);
        if (its != 0) {
            listener.onRefused(its, refusal);
        }
    }

    @Override
    public void onStall(long stallNs) {
        if (!shard.isStopping()) {
            listener.onStall(stallNs);
        }
    }

    @Override
    public void onError(long handle, Exception error) {
        Watched watched = at(handle);
        if (watched == null ? !shard.isStopping() : watched.isTold()) {
            listener.onError(watched == null ? 0 : watched.handle(), error);
        }
    }

    /** A part of the policy threw when it was told of the opening: the connection is nobody's to watch, and so it ends. */
    void failedToOpen(Watched watched, RuntimeException thrown, Tally tally) {
        if (!watched.isTold()) {
            return;
        }
        DeathCause cause = new DeathCause(DeathCause.Kind.TRANSPORT_ERROR, 0, 0, -1, () -> "not opened: " + thrown);
        Notices toItself = new Notices(listener, tally);
        toItself.error(watched.handle(), thrown);
        toItself.close(watched, watched.handle(), cause);
        toItself.dead(watched.handle(), cause);
    }
}
