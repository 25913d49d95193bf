package dev.heartbeat.wheel;

import java.util.Arrays;

/** A row of bits, searched 64 at a time. */
final class Bits {
    private long[] words;

    Bits(int count) {
        words = new long[(count + 63) >>> 6];
    }

    void grow(int count) {
        words = Arrays.copyOf(words, (count + 63) >>> 6);
    }

    void set(int index) {
        words[index >>> 6] |= 1L << index;
    }

    void clear(int index) {
        words[index >>> 6] &= ~(1L << index);
    }

    /** The first that is set from {@code from} to {@code end}, exclusive, or -1. */
    int firstSet(int from, int end) {
        if (from >= end) {
            return -1;
        }
        int word = from >>> 6;
        int lastWord = (end - 1) >>> 6;
        long bits = words[word] & (-1L << from);
        while (bits == 0) {
            if (word == lastWord) {
                return -1;
            }
            bits = words[++word];
        }
        int index = (word << 6) + Long.numberOfTrailingZeros(bits);
        return index < end ? index : -1;
    }
}
