package dev.heartbeat.nio;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The keys whose channels are ours: served here, so that the host never sees them. */
final class OwnKeys {
    private final Connections connections;
    private final List<SelectionKey> ready = new ArrayList<>();
    private int handlers;

    OwnKeys(Connections connections) {
        this.connections = connections;
    }

    void add(int more) {
        handlers += more;
    }

    /**
     * Takes them out of the selected ones and serves them.
     *
     * @return how many there were
     */
    int serve(Set<SelectionKey> selected) {
        if (handlers == 0) {
            return 0;
        }
        for (Iterator<SelectionKey> each = selected.iterator(); each.hasNext(); ) {
            SelectionKey key = each.next();
            if (key.attachment() instanceof KeyHandler) {
                ready.add(key);
                each.remove();
            }
        }
        int count = ready.size();
        try {
            for (int i = 0; i < count; i++) { // not while iterating over the selected ones: a handler may take some out
                serve(ready.get(i));
            }
        } finally {
            ready.clear(); // those that an Error left unserved will be selected again
        }
        return count;
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isValid() && key.attachment() instanceof KeyHandler handler) {
                handler.ready();
            }
        } catch (CancelledKeyException e) {
            // Closed meanwhile by one of the others.
        } catch (RuntimeException e) {
            connections.tellError(key, e);
        }
    }
}
