package dev.heartbeat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The words that detectors and ack timeouts keep: a few per connection side by side in one column, and an array of its
 * own for a connection whose detector keeps a whole window.
 */
final class WordColumn {
    private static final int MOST_INLINE = 4;

    private long[] inline = new long[0];
    private int stride;
    private @Nullable Window[] windows = new Window[0];

    void open(int slot, int words, int capacity) {
        if (words > MOST_INLINE) {
            if (windows.length < capacity) {
                windows = Arrays.copyOf(windows, capacity);
            }
            windows[slot] = new Window(words);
            return;
        }
        clear(slot);
        if (words > stride) {
            restride(words, capacity);
        } else if (inline.length < stride * capacity) {
            inline = Arrays.copyOf(inline, stride * capacity);
        }
    }

    private void restride(int words, int capacity) {
        long[] wider = new long[words * capacity];
        for (int from = 0, to = 0; from < inline.length; from += stride, to += words) {
            System.arraycopy(inline, from, wider, to, stride);
        }
        inline = wider;
        stride = words;
    }

    void clear(int slot) {
        if (slot < windows.length) {
            windows[slot] = null;
        }
        int from = slot * stride;
        if (from + stride <= inline.length) {
            Arrays.fill(inline, from, from + stride, 0);
        }
    }

    /** Reads something of a slot, before it is needed. */
    long readAhead(int slot) {
        int from = slot * stride;
        return from < inline.length ? inline[from] : 0;
    }

    long get(int slot, int index) {
        Window window = slot < windows.length ? windows[slot] : null;
        return window != null ? window.words[index] : inline[slot * stride + index];
    }

    void set(int slot, int index, long value) {
        Window window = slot < windows.length ? windows[slot] : null;
        if (window != null) {
            window.words[index] = value;
        } else {
            inline[slot * stride + index] = value;
        }
    }

    private static final class Window {
        final long[] words;

        Window(int words) {
            this.words = new long[words];
        }
    }
}
