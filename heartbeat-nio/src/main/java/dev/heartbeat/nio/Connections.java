package dev.heartbeat.nio;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.Refusal;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The connections of one selector, found by key and by handle; tells the listener by key what the monitor says of a handle. */
final class Connections implements HeartbeatListener {
    private final NioListener listener;
    private final IdentityHashMap<SelectionKey, Connection> byKey = new IdentityHashMap<>();
    private @Nullable Connection[] bySlot = new Connection[16]; // a handle's lower half is a slot, which is small
    private final List<Connection> halfOpen = new ArrayList<>(); // known by key only
    private int sweptTo;
    private final List<LongConsumer> stallObservers = new ArrayList<>();

    Connections(NioListener listener) {
        this.listener = listener;
    }

    @Nullable
    Connection of(SelectionKey key) {
        return byKey.get(key);
    }

    int size() {
        return byKey.size();
    }

    void add(Connection connection) {
        int slot = (int) connection.handle;
        if (slot >= bySlot.length) {
            bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
        }
        bySlot[slot] = connection;
        byKey.put(connection.key, connection);
    }

    void remove(Connection connection) {
        byKey.remove(connection.key, connection);
        int slot = (int) connection.handle;
        if (bySlot[slot] == connection) {
            bySlot[slot] = null;
        }
    }

    /** Looks at a few, turn by turn, for those whose channel the host has closed without telling. */
    void sweep(HeartbeatMonitor monitor) {
        int looks = Math.min(bySlot.length, 4 + (bySlot.length >> 6));
        for (int i = 0; i < looks; i++) {
            sweptTo = sweptTo + 1 < bySlot.length ? sweptTo + 1 : 0;
            Connection connection = bySlot[sweptTo];
            if (connection != null && connection.isAbandoned()) {
                forget(connection, monitor);
            }
        }
        for (int i = halfOpen.size() - 1; i >= 0; i--) {
            if (halfOpen.get(i).isAbandoned()) {
                byKey.remove(halfOpen.remove(i).key);
            }
        }
    }

    /** The peer says no more: watched no longer, but still written to. */
    void keepHalfOpen(Connection connection, HeartbeatMonitor monitor) {
        connection.end();
        remove(connection);
        monitor.close(connection.handle);
        byKey.put(connection.key, connection);
        halfOpen.add(connection);
    }

    /** Ends a connection in order: nobody is told. */
    void forget(Connection connection, HeartbeatMonitor monitor) {
        connection.end();
        remove(connection);
        monitor.close(connection.handle);
    }

    private @Nullable Connection of(long handle) {
        int slot = (int) handle;
        Connection connection = slot >= 0 && slot < bySlot.length ? bySlot[slot] : null;
        return connection != null && connection.handle == handle ? connection : null;
    }

    void tellStallsTo(LongConsumer observer) {
        stallObservers.add(observer);
    }

    void tellError(@Nullable SelectionKey key, RuntimeException thrown) {
        try {
            listener.onError(key, thrown);
        } catch (RuntimeException e) {
            e.addSuppressed(thrown);
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    @Override
    public void onDead(long handle, DeathCause cause) {
        Connection connection = of(handle);
        if (connection == null) {
            return;
        }
        remove(connection);
        if (connection.wasAbandoned()) {
            return; // the host closed it itself, and we have only now come to look
        }
        try {
            listener.onDead(connection.key, cause);
        } finally {
            if (connection.owner != null) {
                connection.owner.ended(cause);
            }
        }
    }

    @Override
    public void onSuspect(long handle, long silenceNs) {
        Connection connection = of(handle);
        if (connection != null && !connection.isAbandoned()) {
            listener.onSuspect(connection.key, silenceNs);
        }
    }

    @Override
    public void onRecovered(long handle) {
        Connection connection = of(handle);
        if (connection != null) {
            listener.onRecovered(connection.key);
        }
    }

    @Override
    public void onAck(long handle, long roundTripNs) {
        Connection connection = of(handle);
        if (connection != null) {
            listener.onAck(connection.key, roundTripNs);
        }
    }

    @Override
    public void onMiss(long handle, int consecutiveMisses) {
        Connection connection = of(handle);
        if (connection != null && !connection.isAbandoned()) {
            listener.onMiss(connection.key, consecutiveMisses);
        }
    }

    @Override
    public void onRefused(long handle, Refusal refusal) {
        Connection connection = of(handle);
        if (connection != null) {
            listener.onRefused(connection.key, refusal);
        }
    }

    @Override
    public void onStall(long stallNs) {
        for (int i = 0; i < stallObservers.size(); i++) {
            stallObservers.get(i).accept(stallNs);
        }
        listener.onStall(stallNs);
    }

    @Override
    public void onError(long handle, Exception error) {
        Connection connection = of(handle);
        listener.onError(connection == null ? null : connection.key, error);
    }
}
