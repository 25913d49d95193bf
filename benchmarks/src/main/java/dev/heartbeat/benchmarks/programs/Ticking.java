package dev.heartbeat.benchmarks.programs;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** An event loop's clock, put forward by hand. */
final class Ticking implements Ticker {
    private long nowNs;

    Ticking(long startNs) {
        nowNs = startNs;
    }

    void set(long nowNs) {
        this.nowNs = nowNs;
    }

    @Override
    public long initialNanoTime() {
        return 0;
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }
}
