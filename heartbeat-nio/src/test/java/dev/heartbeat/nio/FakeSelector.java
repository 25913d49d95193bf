package dev.heartbeat.nio;

import dev.heartbeat.time.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A selector with keys and channels of its own, so that a channel is full to the byte when the test says so, and a wait
 * costs no time: it moves the clock.
 */
final class FakeSelector extends Selector {
    final ManualClock clock = new ManualClock(0);
    final Set<SelectionKey> keys = new HashSet<>();
    final Set<SelectionKey> selected = new HashSet<>();
    long waitedNs;

    /** Takes and has as many bytes as the test says. */
    static final class Channel extends SelectableChannel implements ByteChannel {
        int room = Integer.MAX_VALUE;
        long written;
        ByteBuffer arrived = ByteBuffer.allocate(0);

        @Nullable
        IOException broken;

        @Override
        public int read(ByteBuffer dst) {
            int bytes = Math.min(dst.remaining(), arrived.remaining());
            dst.put(arrived.slice().limit(bytes));
            arrived.position(arrived.position() + bytes);
            return bytes;
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            if (broken != null) {
                throw broken;
            }
            int bytes = Math.min(room, src.remaining());
            src.position(src.position() + bytes);
            room -= bytes;
            written += bytes;
            return bytes;
        }

        @Override
        public SelectorProvider provider() {
            return SelectorProvider.provider();
        }

        @Override
        public int validOps() {
            return SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        }

        @Override
        public boolean isRegistered() {
            return true;
        }

        @Override
        public @Nullable SelectionKey keyFor(Selector selector) {
            return null;
        }

        @Override
        public SelectionKey register(Selector selector, int ops, Object attachment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SelectableChannel configureBlocking(boolean block) {
            return this;
        }

        @Override
        public boolean isBlocking() {
            return false;
        }

        @Override
        public Object blockingLock() {
            return this;
        }

        @Override
        protected void implCloseChannel() {}
    }

    /** Of a channel that may be written to whenever there is room. */
    static final class Key extends SelectionKey {
        long comparisons;

        final Channel channel = new Channel();
        private final Selector selector;
        private boolean valid = true;
        private int interest = OP_READ;
        private int ready;

        Key(Selector selector) {
            this.selector = selector;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return selector;
        }

        @Override
        public boolean isValid() {
            return valid;
        }

        @Override
        public void cancel() {
            valid = false;
        }

        @Override
        public int interestOps() {
            return interest;
        }

        @Override
        public SelectionKey interestOps(int ops) {
            interest = ops;
            return this;
        }

        @Override
        public int readyOps() {
            return ready;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            comparisons++;
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    Key key() {
        Key key = new Key(this);
        keys.add(key);
        return key;
    }

    @Override
    public int selectNow() {
        int ready = 0;
        for (SelectionKey each : keys) {
            Key key = (Key) each;
            if (key.valid && key.channel.room > 0 && (key.interest & SelectionKey.OP_WRITE) != 0) {
                key.ready = SelectionKey.OP_WRITE;
                selected.add(key);
                ready++;
            }
        }
        return ready;
    }

    @Override
    public int select(long timeoutMs) {
        int ready = selectNow();
        if (ready == 0) {
            waitedNs += timeoutMs * 1_000_000;
            clock.advanceNs(timeoutMs * 1_000_000);
        }
        return ready;
    }

    @Override
    public int select() {
        return select(1_000);
    }

    @Override
    public Set<SelectionKey> keys() {
        return keys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return selected;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public SelectorProvider provider() {
        return SelectorProvider.provider();
    }

    @Override
    public Selector wakeup() {
        return this;
    }

    @Override
    public void close() {}
}
