package dev.heartbeat.nio;

import java.nio.channels.SelectionKey;
import java.util.Set;

/**
 * Waits for room in one channel, for the heartbeats that found it full: asks the selector for it where the application does
 * not.
 *
 * <p>A key has one interest for the application and us. The application may set it anew, without ours, whenever it likes;
 * so ours is set again before each select.
 */
final class Room {
    private final Connection connection;
    private final SelectionKey key;
    private boolean listed; // among those that wait
    private boolean ours; // OP_WRITE, that is
    private boolean applicationWaits;

    Room(Connection connection) {
        this.connection = connection;
        key = connection.key;
    }

    /** The application has written. */
    void written(boolean hasMore) {
        applicationWaits = hasMore;
        if (hasMore) {
            ours = false; // from now on OP_WRITE is the application's to set and to clear
        }
    }

    /** There may be heartbeats to wait for. */
    void await(Shared shared) {
        if (connection.waitsForRoom()) {
            if (!listed) {
                listed = true;
                shared.waiting.add(this);
            }
            ask();
        }
    }

    /** Before each select. */
    void ask() {
        if (connection.waitsForRoom() && !applicationWaits && (key.interestOps() & SelectionKey.OP_WRITE) == 0) {
            ours = true;
            key.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    /**
     * The selector has selected: if there is room, what waits leaves.
     *
     * @return whether the key was among the selected ones and is no more, as it is none of the application's business
     */
    boolean selected(Set<SelectionKey> selected) {
        boolean oursOnly = ours && key.isValid() && key.readyOps() == SelectionKey.OP_WRITE;
        if (connection.waitsForRoom() && (applicationWaits || key.isWritable())) {
            connection.flush();
        }
        return (oursOnly || !key.isValid()) && selected.remove(key);
    }

    /** Whether it waits no longer, and need not be asked again: OP_WRITE is given back. */
    boolean isOver() {
        listed = connection.waitsForRoom();
        if (!listed && ours) {
            ours = false;
            if (key.isValid()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
            }
        }
        return !listed;
    }
}
