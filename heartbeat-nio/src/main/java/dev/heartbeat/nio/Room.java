package dev.heartbeat.nio;

import java.nio.channels.SelectionKey;
import java.util.Set;

/**
 * Waits for room in one channel, for the heartbeats that found it full: asks the selector for it where the application does
 * not.
 *
 * <p>A key has one interest for the application and us. The application may set it anew, without ours, whenever it likes;
 * so ours is set again before each select. And it may ask for room while we do, which nobody can see; so before OP_WRITE is
 * taken back, the application is shown that there is room. If it then writes, it may count on being shown again.
 */
final class Room {
    private final Connection connection;
    private final SelectionKey key;
    private boolean listed; // among those that wait
    private boolean ours; // OP_WRITE, that is
    private boolean shown;
    private boolean applicationWaits;
    private boolean applicationWrote;

    Room(Connection connection) {
        this.connection = connection;
        key = connection.key;
    }

    /** The application has written. */
    void written(int bytes, boolean hasMore) {
        applicationWrote |= bytes > 0;
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
        if (connection.waitsForRoom() && !applicationWaits && !isAsked()) {
            ours = true;
            shown = false;
            key.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    private boolean isAsked() {
        return (key.interestOps() & SelectionKey.OP_WRITE) != 0;
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
        if (!key.isValid() || (oursOnly && connection.waitsForRoom())) {
            return selected.remove(key);
        }
        shown = key.isWritable() && selected.contains(key);
        applicationWrote = false;
        return false;
    }

    /** Whether it waits no longer, and OP_WRITE is what the application wants it to be. */
    boolean isOver() {
        if (!key.isValid()) {
            listed = false;
        } else if (connection.waitsForRoom()) {
            shown = false;
        } else if (!ours || !isAsked()) {
            listed = false;
        } else if (shown && !applicationWrote) {
            listed = false;
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
        ours &= listed;
        return !listed;
    }
}
