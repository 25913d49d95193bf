package dev.heartbeat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The columns: everything that is known of the connections, as primitives side by side.
 *
 * <p>A store into a random element of a {@code long[]} costs a tenth of one into a field of a random object, and the
 * garbage collector never looks at it. A connection is a slot; its handle is slot and generation, so that yesterday's
 * handle touches nobody. What one operation needs lies together: a packet touches {@link Stamps}, a timer those and one
 * row.
 *
 * <pre>
 * stamps     int    guard with generation
 *            long   last inbound byte
 * row        3 long [ acknowledged history 16 | probe id 16 | misses 8, missed 16, flags 8 ]
 *                   [ announced ms 27 | probe stamp 37 ]
 *                   [ last outbound byte ]
 * transports        references
 * rules      int    number in the table; only where there was more than one policy
 * told       2 int  interval that our last probe announced, and idle time before it, in ms; only where intervals vary
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

    private static final int NO_SLOT = -1;

    /** A row's longs; the first holds the flags and has no name. */
    private static final int ROW = 3;

    private static final int PROBE = 1;
    private static final int SENT = 2;

    private static final int MISSED_SHIFT = 8;
    private static final int MISSES_SHIFT = 24;
    private static final int MOST_MISSES = 255;
    private static final int PROBE_ID_SHIFT = 32;
    private static final int HISTORY_SHIFT = 48;
    private static final int UNIT_SHIFT = 11;
    private static final int STAMP_BITS = 37;
    private static final long STAMP_MASK = (1L << STAMP_BITS) - 1;
    private static final long STAMP_SLACK = 1L << 25;
    private static final int MOST_ANNOUNCED_MS = (1 << 27) - 1;

    final WordColumn words = new WordColumn();
    final ToldColumn told = new ToldColumn();
    final Counts counts;

    private final int limit;
    private final int initialCapacity;
    private final long originNs;

    private final Stamps stamps = new Stamps();
    private final RulesTable table = new RulesTable();
    private int[] rules = new int[0];
    private long[] row = new long[0];
    private @Nullable HeartbeatTransport[] transports = new HeartbeatTransport[0];

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

    int open(HeartbeatTransport transport, int itsRules, long nowNs) {
        if (used == limit) {
            throw new IllegalStateException("open connections: " + used + " (expected: < capacity " + limit + ")");
        }
        int slot = firstFree;
        if (slot == NO_SLOT) {
            slot = highWater;
            ensureCapacity(slot + 1);
            highWater++;
        } else {
            firstFree = (int) row[ROW * slot + PROBE];
        }
        used++;
        transports[slot] = transport;
        stamps.receivedNs(slot, nowNs);
        row[ROW * slot] = IN_USE;
        row[ROW * slot + PROBE] = 0;
        row[ROW * slot + SENT] = nowNs;
        stampProbe(slot, nowNs);
        follow(slot, itsRules);
        counts.open(slot);
        return slot;
    }

    void free(int slot) {
        if (marks != null) {
            marks.freed(slot);
        }
        table.release(rulesNumber(slot));
        stamps.nextGeneration(slot);
        transports[slot] = null;
        words.clear(slot);
        row[ROW * slot] = 0;
        row[ROW * slot + PROBE] = firstFree;
        firstFree = slot;
        used--;
    }

    private void ensureCapacity(int wanted) {
        int old = transports.length;
        if (wanted <= old) {
            return;
        }
        int size = (int) Math.min(limit, Math.max(initialCapacity, Math.max(wanted, old + (old >> 1) + 1L)));
        stamps.ensureCapacity(size);
        if (rules.length > 0) {
            rules = Arrays.copyOf(rules, size);
        }
        row = Arrays.copyOf(row, ROW * size);
        transports = Arrays.copyOf(transports, size);
        told.ensureCapacity(size);
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
        return (row[ROW * slot] & IN_USE) != 0;
    }

    long handle(int slot) {
        return stamps.handle(slot);
    }

    /** The slot that a handle means, or −1 if it is nobody's any more. */
    int slot(long handle) {
        return stamps.isCurrent(handle) && isInUse((int) handle) ? (int) handle : NO_SLOT;
    }

    /** Whether the handle still means this slot, and nobody has ended its connection meanwhile. */
    boolean isStillOpen(int slot, long handle) {
        return slot(handle) == slot && liveness(slot) != Liveness.DEAD;
    }

    // ---- activity marks

    /** Marks inbound activity; false if someone has to look closer, or if the handle is stale. */
    boolean markReceived(long handle, long nowNs) {
        return stamps.mark(handle, nowNs);
    }

    boolean markSent(long handle, long nowNs) {
        if (!stamps.isCurrent(handle)) {
            return false;
        }
        row[ROW * (int) handle + SENT] = nowNs;
        return true;
    }

    /** Makes the next inbound mark call for a closer look, or lets it be a plain store again. */
    void lookCloser(int slot, boolean closer) {
        stamps.lookCloser(slot, closer);
        if (marks != null) {
            marks.lookCloser(slot, closer);
        }
    }

    /** Takes over what other threads marked, never backward; whether someone has to look closer at it. */
    boolean pull(int slot, long offsetNs, long nowNs) {
        if (marks == null) {
            return false;
        }
        sentNs(slot, later(sentNs(slot), marks.sentNs(slot, nowNs - offsetNs) + offsetNs));
        long cameNs = later(receivedNs(slot), marks.receivedNs(slot, nowNs - offsetNs) + offsetNs);
        boolean news = cameNs != receivedNs(slot);
        receivedNs(slot, cameNs);
        return news && stamps.looksCloser(slot);
    }

    private static long later(long oneNs, long anotherNs) {
        return anotherNs - oneNs > 0 ? anotherNs : oneNs;
    }

    /**
     * Reads what {@link Engine#onExpiry} is about to look at. One read waits for memory as long as several dozens that
     * do not depend on each other.
     */
    long readAhead(int slot) {
        long always = stamps.readAhead(slot) + row[ROW * slot] + (transports[slot] == null ? 0 : 1);
        return always + rulesNumber(slot) + words.readAhead(slot) + counts.readAhead(slot);
    }

    long receivedNs(int slot) {
        return stamps.receivedNs(slot);
    }

    void receivedNs(int slot, long nowNs) {
        stamps.receivedNs(slot, nowNs);
    }

    /** Never backward: what two threads have heard may come out of order. */
    void heardNs(int slot, long nowNs) {
        stamps.receivedNs(slot, later(stamps.receivedNs(slot), nowNs));
    }

    void sentNs(int slot, long nowNs) {
        row[ROW * slot + SENT] = nowNs;
    }

    long sentNs(int slot) {
        return row[ROW * slot + SENT];
    }

    // ---- transport and rules

    HeartbeatTransport transport(int slot) {
        HeartbeatTransport transport = transports[slot];
        assert transport != null : "slot " + slot + " is free";
        return transport;
    }

    /** The number of a policy's rules, to be followed at once. */
    int rulesOf(HeartbeatPolicy policy) {
        return table.of(policy);
    }

    Rules rules(int slot) {
        return table.get(rulesNumber(slot));
    }

    private int rulesNumber(int slot) {
        return rules.length == 0 ? 0 : rules[slot];
    }

    /** From now on the connection follows other rules. */
    void rules(int slot, int itsRules) {
        int old = rulesNumber(slot);
        follow(slot, itsRules);
        table.release(old);
    }

    /** The peer still goes by this interval, until the next probe announces another. */
    void keepTold(int slot, long intervalNs, boolean needed) {
        told.open(slot, needed, transports.length);
        told.put(slot, intervalNs, 0);
    }

    private void follow(int slot, int itsRules) {
        table.retain(itsRules);
        if (itsRules != 0 && rules.length == 0) {
            rules = new int[transports.length];
        }
        if (rules.length > 0) {
            rules[slot] = itsRules;
        }
        Rules its = table.get(itsRules);
        words.open(slot, its.stateLongs, transports.length);
        told.open(slot, !its.intervalIsFixed, transports.length);
    }

    // ---- the row

    boolean has(int slot, int flag) {
        return (row[ROW * slot] & flag) != 0;
    }

    void set(int slot, int flag, boolean on) {
        row[ROW * slot] = on ? row[ROW * slot] | flag : row[ROW * slot] & ~(long) flag;
    }

    Liveness liveness(int slot) {
        return switch ((int) row[ROW * slot] & LIVENESS) {
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
        row[ROW * slot] = (row[ROW * slot] & ~(long) LIVENESS) | bits;
    }

    int misses(int slot) {
        return (int) (row[ROW * slot] >>> MISSES_SHIFT) & MOST_MISSES;
    }

    void misses(int slot, int misses) {
        long kept = row[ROW * slot] & ~((long) MOST_MISSES << MISSES_SHIFT);
        row[ROW * slot] = kept | (long) Math.min(misses, MOST_MISSES) << MISSES_SHIFT;
    }

    int probeId(int slot) {
        return (int) (row[ROW * slot] >>> PROBE_ID_SHIFT) & 0xFFFF;
    }

    /** Moves on to the next probe id, and the history with it: bit 0 stands for the latest probe. */
    int nextProbeId(int slot) {
        long old = row[ROW * slot];
        int id = ((int) (old >>> PROBE_ID_SHIFT) + 1) & 0xFFFF;
        long history = ((old >>> HISTORY_SHIFT) << 1) & 0xFFFF;
        long missed = ((old >>> MISSED_SHIFT) << 1) & 0xFFFF;
        long kept = old & 0xFFFF_FFFFL & ~(0xFFFFL << MISSED_SHIFT);
        row[ROW * slot] = kept | missed << MISSED_SHIFT | (long) id << PROBE_ID_SHIFT | history << HISTORY_SHIFT;
        return id;
    }

    /** Whether the probe so many before the latest was given up and its ack, should it still come, is a late one. */
    boolean isGivenUp(int slot, int probesAgo) {
        return probesAgo < 16 && (row[ROW * slot] >>> (HISTORY_SHIFT + probesAgo) & 1) != 0;
    }

    /** The latest probe was given up because it was a miss. */
    void missed(int slot) {
        row[ROW * slot] |= 1L << MISSED_SHIFT;
        givenUp(slot, 0, true);
    }

    /** Whether the probe so many before the latest, less than 16, was a miss. */
    boolean isMissed(int slot, int probesAgo) {
        return (row[ROW * slot] >>> (MISSED_SHIFT + probesAgo) & 1) != 0;
    }

    void givenUp(int slot, int probesAgo, boolean givenUp) {
        long bit = 1L << (HISTORY_SHIFT + probesAgo);
        row[ROW * slot] = givenUp ? row[ROW * slot] | bit : row[ROW * slot] & ~bit;
    }

    /** Remembers that the probe left, or was asked for, now; rounded up, so that no answer is missed early. */
    void stampProbe(int slot, long nowNs) {
        long units = (nowNs - originNs + (1L << UNIT_SHIFT) - 1) >> UNIT_SHIFT;
        row[ROW * slot + PROBE] = (row[ROW * slot + PROBE] & ~STAMP_MASK) | (units & STAMP_MASK);
    }

    /** Since {@link #stampProbe}; may be a little below 0 at once afterwards. */
    long sinceProbeNs(int slot, long nowNs) {
        long sinceOriginNs = nowNs - originNs;
        long units = (sinceOriginNs >> UNIT_SHIFT) - row[ROW * slot + PROBE];
        long sinceUnits = ((units + STAMP_SLACK) & STAMP_MASK) - STAMP_SLACK;
        return (sinceUnits << UNIT_SHIFT) + (sinceOriginNs & ((1L << UNIT_SHIFT) - 1));
    }

    /** 0 while the peer has announced nothing. */
    long announcedNs(int slot) {
        return (row[ROW * slot + PROBE] >>> STAMP_BITS) * 1_000_000L;
    }

    void announcedNs(int slot, long intervalNs) {
        long ms = Math.min((intervalNs + 999_999L) / 1_000_000L, MOST_ANNOUNCED_MS);
        row[ROW * slot + PROBE] = (row[ROW * slot + PROBE] & STAMP_MASK) | ms << STAMP_BITS;
    }
}
