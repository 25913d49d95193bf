package dev.heartbeat.nio;

import dev.heartbeat.HeartbeatMonitor;
import dev.heartbeat.wheel.ExpiryHandler;
import dev.heartbeat.wheel.TimerWheel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The echoes that have been promised on one selector: so many in all and per remote address, each with a timer on one
 * wheel, which is turned with the monitor's.
 */
final class PendingEchoes implements Timed, ExpiryHandler {
    private static final int NO_SLOT = -1;

    /** Something that was promised to be said. */
    abstract static class Echo {
        private int slot = NO_SLOT;
        private @Nullable Object whose;

        /** Its time has come; it {@link #again goes on} or is over. */
        abstract void due(long nowNs);

        final boolean isPending() {
            return slot != NO_SLOT;
        }
    }

    private final EchoLimits limits;
    private final TimerWheel wheel;
    private final Consumer<RuntimeException> onError;
    private final Map<Object, int[]> byAddress = new HashMap<>();
    private @Nullable Echo[] echoes = new Echo[8];
    private int[] free = new int[8];
    private int freeCount;
    private int highest;

    PendingEchoes(EchoLimits limits, long nowNs, Consumer<RuntimeException> onError) {
        this.limits = limits;
        this.onError = onError;
        wheel = TimerWheel.builder()
                .capacity(Math.max(1, limits.inAll))
                .startNs(nowNs)
                .build();
    }

    EchoLimits limits() {
        return limits;
    }

    int size() {
        return wheel.size();
    }

    /**
     * Promises an echo.
     *
     * @param address whose; null if unknown, and all of those are one
     * @return false, and nothing was promised, if there are too many
     */
    boolean promise(Echo echo, @Nullable InetAddress address, long delayNs, long nowNs) {
        Object whose = address == null ? "" : network(address);
        int[] count = byAddress.get(whose);
        if (wheel.size() >= limits.inAll || (count != null && count[0] >= limits.perAddress)) {
            return false;
        }
        if (count == null) {
            byAddress.put(whose, new int[] {1});
        } else {
            count[0]++;
        }
        int slot = slot();
        echoes[slot] = echo;
        echo.slot = slot;
        echo.whose = whose;
        wheel.schedule(slot, nowNs + delayNs);
        return true;
    }

    /** Moves an echo that is pending, or is being told that it is due. */
    void again(Echo echo, long delayNs, long nowNs) {
        if (echo.isPending()) {
            wheel.schedule(echo.slot, nowNs + delayNs);
        }
    }

    /** Forgets an echo, if it is still pending. */
    void over(Echo echo) {
        int slot = echo.slot;
        Object whose = echo.whose;
        if (slot == NO_SLOT || whose == null) {
            return;
        }
        wheel.cancel(slot);
        echo.slot = NO_SLOT;
        echo.whose = null;
        echoes[slot] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = slot;
        int[] count = byAddress.get(whose);
        if (count != null && --count[0] == 0) {
            byAddress.remove(whose);
        }
    }

    private int slot() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (highest == echoes.length) {
            echoes = Arrays.copyOf(echoes, 2 * highest);
        }
        return highest++;
    }

    /** Who is one: an address, or a network of 64 bits, as those are given out as a whole. */
    private static Object network(InetAddress address) {
        return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress(), 0, 8) : address;
    }

    // ---- time

    @Override
    public long delayNs(long nowNs) {
        return wheel.delayUntilNextNs(nowNs);
    }

    @Override
    public void due(long nowNs) {
        wheel.advance(nowNs, HeartbeatMonitor.DEFAULT_LIMIT, this);
    }

    @Override
    public void onExpiry(int slot, long nowNs) {
        Echo echo = echoes[slot];
        if (echo == null) {
            return;
        }
        try {
            echo.due(nowNs);
        } catch (RuntimeException e) {
            onError.accept(e);
        }
        if (echo.slot == slot && !wheel.isScheduled(slot)) {
            over(echo);
        }
    }
}
