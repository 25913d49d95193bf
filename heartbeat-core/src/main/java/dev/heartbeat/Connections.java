package dev.heartbeat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The columns: everything that is known of the connections, as primitives side by side.
 *
 * <p>A store into a random element of a {@code long[]} costs a tenth of one into a field of a random object, and the
 * garbage collector never looks at it. A connection is a slot; its handle is slot and generation, so that yesterday's
 * handle touches nobody. What every packet touches stands in columns of its own; what a timer looks at lies together
 * in one row:
 *
 * <pre>
 * guard      int    generation; the sign bit asks the next inbound mark to look closer
 * received   long   last inbound byte
 * sent       long   last outbound byte
 * row        2 long [ acknowledged history 16 | probe id 16 | misses 8, missed 16, flags 8 ] [ announced ms 27 | probe stamp 37 ]
 * told       int    interval that our last probe announced, and idle time before it, in ms; only where intervals vary
 * words      long   what detector and ack timeout keep, only where they keep something
 * counts     5 int  per-connection statistics, only where wanted
 * </pre>
 *
 * <p>The probe's stamp counts units of 2 048 ns, and is told apart from 1 min in the future to 78 h in the past, which is
 * why no interval is longer than a day. After a longer sleep of the host it looks like a recent one, never like one that
 * is still to come.
 */
final class Connections {
    /** Bits of a connection's flags. */
    static final int LIVENESS = 0b11;

    static final int UNWRITTEN = 1 << 2;
    static final int AWAITING = 1 << 3;
    static final int URGENT = 1 << 4;
    static final int BACKGROUND = 1 << 5;
    static final int IN_USE = 1 << 6;

    /** The reverse probe that precedes a listener's verdict has been sent. */
    static final int LAST_WORD = 1 << 7;

    private static final int LOOK_CLOSER = 1 << 31;
    private static final int NO_SLOT = -1;

    private static final int MISSED_SHIFT = 8;
    private static final int MISSES_SHIFT = 24;
    private static final int MOST_MISSES = 255;
    private static final int PROBE_ID_SHIFT = 32;
    private static final int HISTORY_SHIFT = 48;
    private static final int UNIT_SHIFT = 11;
    private static final int STAMP_BITS = 37;
    private static final long STAMP_MASK = (1L << STAMP_BITS) - 1;
    private static final long STAMP_SLACK = 1L << 15;
    private static final int MOST_ANNOUNCED_MS = (1 << 27) - 1;

    final WordColumn words = new WordColumn();
    final Counts counts;

    private final int limit;
    private final int initialCapacity;
    private final long originNs;

    private int[] guard = new int[0];
    private long[] received = new long[0];
    private long[] sent = new long[0];
    private long[] row = new long[0];
    private @Nullable HeartbeatTransport[] transports = new HeartbeatTransport[0];
    private @Nullable Rules[] rules = new Rules[0];
    private int[] told = new int[0];

    private int used;
    private int highWater;
    private int firstFree = NO_SLOT;
    private @Nullable Marks marks;

    Connections(int limit, int initialCapacity, long originNs, boolean counting) {
        this.limit = limit;
        this.initialCapacity = initialCapacity;
        this.originNs = originNs;
        this.counts = new Counts(counting);
    }

    /** From now on other threads mark activity too. */
    void shareWith(Marks others) {
        marks = others;
    }

    // ---- slots and handles

    int open(HeartbeatTransport transport, Rules its, long nowNs) {
        if (used == limit) {
            throw new IllegalStateException("open connections: " + used + " (expected: < capacity " + limit + ")");
        }
        int slot = firstFree;
        if (slot == NO_SLOT) {
            slot = highWater;
            ensureCapacity(slot + 1);
            highWater++;
        } else {
            firstFree = (int) row[2 * slot + 1];
        }
        used++;
        transports[slot] = transport;
        received[slot] = nowNs;
        sent[slot] = nowNs;
        row[2 * slot] = IN_USE;
        row[2 * slot + 1] = 0;
        stampProbe(slot, nowNs);
        rules(slot, its);
        counts.open(slot);
        return slot;
    }

    void free(int slot) {
        if (marks != null) {
            marks.freed(slot);
        }
        guard[slot] = (guard[slot] + 1) & ~LOOK_CLOSER;
        transports[slot] = null;
        rules[slot] = null;
        words.clear(slot);
        row[2 * slot] = 0;
        row[2 * slot + 1] = firstFree;
        firstFree = slot;
        used--;
    }

    private void ensureCapacity(int wanted) {
        int old = guard.length;
        if (wanted <= old) {
            return;
        }
        int size = (int) Math.min(limit, Math.max(initialCapacity, Math.max(wanted, old + (old >> 1) + 1L)));
        guard = Arrays.copyOf(guard, size);
        Arrays.fill(guard, old, size, 1); // generations start at 1, so that 0 is nobody's handle
        received = Arrays.copyOf(received, size);
        sent = Arrays.copyOf(sent, size);
        row = Arrays.copyOf(row, 2 * size);
        transports = Arrays.copyOf(transports, size);
        rules = Arrays.copyOf(rules, size);
        if (told.length > 0) {
            told = Arrays.copyOf(told, 2 * size);
        }
        counts.ensureCapacity(size);
    }

    int used() {
        return used;
    }

    /** Slots below this one have been used at some time. */
    int highWater() {
        return highWater;
    }

    boolean isInUse(int slot) {
        return (row[2 * slot] & IN_USE) != 0;
    }

    long handle(int slot) {
        return (long) (guard[slot] & ~LOOK_CLOSER) << 32 | slot;
    }

    /** The slot that a handle means, or −1 if it is nobody's any more. */
    int slot(long handle) {
        int slot = (int) handle;
        boolean current =
                slot >= 0 && slot < highWater && (guard[slot] & ~LOOK_CLOSER) == (int) (handle >>> 32) && isInUse(slot);
        return current ? slot : NO_SLOT;
    }

    /** Whether the handle still means this slot, and nobody has ended its connection meanwhile. */
    boolean isStillOpen(int slot, long handle) {
        return slot(handle) == slot && liveness(slot) != Liveness.DEAD;
    }

    // ---- activity marks

    /** Marks inbound activity; false if someone has to look closer, or if the handle is stale. */
    boolean markReceived(long handle, long nowNs) {
        int slot = (int) handle;
        int[] guards = guard;
        if (slot < 0 || slot >= guards.length || guards[slot] != (int) (handle >>> 32)) {
            return false;
        }
        received[slot] = nowNs;
        return true;
    }

    boolean markSent(long handle, long nowNs) {
        int slot = (int) handle;
        int[] guards = guard;
        if (slot < 0 || slot >= guards.length || (guards[slot] & ~LOOK_CLOSER) != (int) (handle >>> 32)) {
            return false;
        }
        sent[slot] = nowNs;
        return true;
    }

    /** Makes the next inbound mark call for {@code settle}, or lets it be a plain store again. */
    void lookCloser(int slot, boolean closer) {
        guard[slot] = closer ? guard[slot] | LOOK_CLOSER : guard[slot] & ~LOOK_CLOSER;
        if (marks != null) {
            marks.lookCloser(slot, closer);
        }
    }

    /** Takes over what other threads marked, never backward; whether someone has to look closer at it. */
    boolean pull(int slot, long offsetNs, long nowNs) {
        if (marks == null) {
            return false;
        }
        sent[slot] = later(sent[slot], marks.sentNs(slot, nowNs - offsetNs) + offsetNs);
        long cameNs = later(received[slot], marks.receivedNs(slot, nowNs - offsetNs) + offsetNs);
        boolean news = cameNs != received[slot];
        received[slot] = cameNs;
        return news && guard[slot] < 0;
    }

    private static long later(long oneNs, long anotherNs) {
        return anotherNs - oneNs > 0 ? anotherNs : oneNs;
    }

    /**
     * Reads what {@link Engine#onExpiry} is about to look at. One read waits for memory as long as several dozens that
     * do not depend on each other.
     */
    long readAhead(int slot) {
        int references = (rules[slot] == null ? 0 : 1) + (transports[slot] == null ? 0 : 1);
        return guard[slot] + received[slot] + sent[slot] + row[2 * slot] + references;
    }

    long receivedNs(int slot) {
        return received[slot];
    }

    void receivedNs(int slot, long nowNs) {
        received[slot] = nowNs;
    }

    void sentNs(int slot, long nowNs) {
        sent[slot] = nowNs;
    }

    long sentNs(int slot) {
        return sent[slot];
    }

    // ---- references

    HeartbeatTransport transport(int slot) {
        HeartbeatTransport transport = transports[slot];
        assert transport != null : "slot " + slot + " is free";
        return transport;
    }

    Rules rules(int slot) {
        Rules its = rules[slot];
        assert its != null : "slot " + slot + " is free";
        return its;
    }

    void rules(int slot, Rules its) {
        rules[slot] = its;
        words.open(slot, its.stateLongs, guard.length);
        if (!its.intervalIsFixed && told.length == 0) {
            told = new int[2 * guard.length];
        }
        if (told.length > 0) {
            told[2 * slot] = 0;
            told[2 * slot + 1] = 0;
        }
    }

    // ---- the row

    boolean has(int slot, int flag) {
        return (row[2 * slot] & flag) != 0;
    }

    void set(int slot, int flag, boolean on) {
        row[2 * slot] = on ? row[2 * slot] | flag : row[2 * slot] & ~(long) flag;
    }

    Liveness liveness(int slot) {
        return switch ((int) row[2 * slot] & LIVENESS) {
            case 0 -> Liveness.ALIVE;
            case 1 -> Liveness.SUSPECT;
            default -> Liveness.DEAD;
        };
    }

    void liveness(int slot, Liveness liveness) {
        long bits = switch (liveness) {
            case ALIVE -> 0;
            case SUSPECT -> 1;
            case DEAD, CLOSED -> 2;
        };
        row[2 * slot] = (row[2 * slot] & ~(long) LIVENESS) | bits;
    }

    int misses(int slot) {
        return (int) (row[2 * slot] >>> MISSES_SHIFT) & MOST_MISSES;
    }

    void misses(int slot, int misses) {
        long kept = row[2 * slot] & ~((long) MOST_MISSES << MISSES_SHIFT);
        row[2 * slot] = kept | (long) Math.min(misses, MOST_MISSES) << MISSES_SHIFT;
    }

    int probeId(int slot) {
        return (int) (row[2 * slot] >>> PROBE_ID_SHIFT) & 0xFFFF;
    }

    /** Moves on to the next probe id, and the history with it: bit 0 stands for the latest probe. */
    int nextProbeId(int slot) {
        long old = row[2 * slot];
        int id = ((int) (old >>> PROBE_ID_SHIFT) + 1) & 0xFFFF;
        long history = ((old >>> HISTORY_SHIFT) << 1) & 0xFFFF;
        long missed = ((old >>> MISSED_SHIFT) << 1) & 0xFFFF;
        long kept = old & 0xFFFF_FFFFL & ~(0xFFFFL << MISSED_SHIFT);
        row[2 * slot] = kept | missed << MISSED_SHIFT | (long) id << PROBE_ID_SHIFT | history << HISTORY_SHIFT;
        return id;
    }

    /** Whether the probe so many before the latest was given up and its ack, should it still come, is a late one. */
    boolean isGivenUp(int slot, int probesAgo) {
        return probesAgo < 16 && (row[2 * slot] >>> (HISTORY_SHIFT + probesAgo) & 1) != 0;
    }

    /** The latest probe was given up because it was a miss. */
    void missed(int slot) {
        row[2 * slot] |= 1L << MISSED_SHIFT;
        givenUp(slot, 0, true);
    }

    /** Whether the probe so many before the latest, less than 16, was a miss. */
    boolean isMissed(int slot, int probesAgo) {
        return (row[2 * slot] >>> (MISSED_SHIFT + probesAgo) & 1) != 0;
    }

    void givenUp(int slot, int probesAgo, boolean givenUp) {
        long bit = 1L << (HISTORY_SHIFT + probesAgo);
        row[2 * slot] = givenUp ? row[2 * slot] | bit : row[2 * slot] & ~bit;
    }

    /** Remembers that the probe left, or was asked for, now; rounded up, so that no answer is missed early. */
    void stampProbe(int slot, long nowNs) {
        long units = (nowNs - originNs + (1L << UNIT_SHIFT) - 1) >> UNIT_SHIFT;
        row[2 * slot + 1] = (row[2 * slot + 1] & ~STAMP_MASK) | (units & STAMP_MASK);
    }

    /** Since {@link #stampProbe}; may be a little below 0 at once afterwards. */
    long sinceProbeNs(int slot, long nowNs) {
        long sinceOriginNs = nowNs - originNs;
        long units = (sinceOriginNs >> UNIT_SHIFT) - row[2 * slot + 1];
        long sinceUnits = ((units + STAMP_SLACK) & STAMP_MASK) - STAMP_SLACK;
        return (sinceUnits << UNIT_SHIFT) + (sinceOriginNs & ((1L << UNIT_SHIFT) - 1));
    }

    /** 0 while the peer has announced nothing. */
    long announcedNs(int slot) {
        return (row[2 * slot + 1] >>> STAMP_BITS) * 1_000_000L;
    }

    void announcedNs(int slot, long intervalNs) {
        long ms = Math.min((intervalNs + 999_999L) / 1_000_000L, MOST_ANNOUNCED_MS);
        row[2 * slot + 1] = (row[2 * slot + 1] & STAMP_MASK) | ms << STAMP_BITS;
    }

    // ---- columns that not every monitor has

    /** The interval that our last probe announced; 0 if there was none or it is of no interest. */
    long toldNs(int slot) {
        return told.length == 0 ? 0 : told[2 * slot] * 1_000_000L;
    }

    /** How long the link was idle before our last probe left. */
    long idleBeforeProbeNs(int slot) {
        return told.length == 0 ? 0 : told[2 * slot + 1] * 1_000_000L;
    }

    void told(int slot, long intervalNs, long idleNs) {
        if (told.length > 0) {
            told[2 * slot] = (int) (intervalNs / 1_000_000L);
            told[2 * slot + 1] = (int) Math.min(idleNs / 1_000_000L, Integer.MAX_VALUE);
        }
    }
}
