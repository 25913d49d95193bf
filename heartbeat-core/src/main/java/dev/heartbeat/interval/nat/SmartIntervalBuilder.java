package dev.heartbeat.interval.nat;

import static java.util.Objects.requireNonNull;

import dev.heartbeat.internal.Checks;
import dev.heartbeat.interval.WakeUpAlarm;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a {@link SmartInterval}. Only {@link #probeWith} is a must.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class SmartIntervalBuilder {
    private static final int DEFAULT_LANES = 6;

    /** What a policy allows; retries are added up, and a length without end would make the slack negative. */
    private static final Duration LONGEST_ACK_TIMEOUT = Duration.ofMinutes(30);

    private Duration min = Duration.ofSeconds(5);
    private Duration max = Duration.ofMinutes(28);
    private @Nullable Duration safeStart;
    private double relative = 0.02;
    private Duration absolute = Duration.ofSeconds(2);
    private Duration growthFirst = Duration.ofHours(6);
    private Duration growthLongest = Duration.ofHours(22);
    private @Nullable SideProber prober;

    int lanes = DEFAULT_LANES;
    long retryEveryNs = 2_000_000_000L;
    boolean hasForeground;
    long foregroundNs;
    double earliness;
    long alignNs;

    @Nullable
    Supplier<String> network;

    @Nullable
    NetworkProfileStore store;

    Clock wallClock = Clock.systemUTC();

    @Nullable
    WakeUpAlarm alarm;

    LongConsumer onPathLost = handle -> {};

    SmartIntervalBuilder() {}

    /**
     * The bounds of the interval. Default: from 5 seconds to 28 minutes.
     *
     * @param min greater than 0
     * @param max at least {@code min}
     * @return this builder
     */
    public SmartIntervalBuilder between(Duration min, Duration max) {
        this.min = requireNonNull(min, "min");
        this.max = requireNonNull(max, "max");
        return this;
    }

    /**
     * The interval until something is proven: below the shortest timeout that is thinkable, since nothing protects
     * the connection until then. Default: 10 s, brought within the bounds.
     *
     * @param interval within the bounds
     * @return this builder
     */
    public SmartIntervalBuilder safeStart(Duration interval) {
        this.safeStart = requireNonNull(interval, "interval");
        return this;
    }

    /**
     * How well the timeout is to be known. Default: within 2 %, or 2 s where that is more.
     *
     * @param relative a share, from 0.001 to 0.5
     * @param absolute at least 1 ms
     * @return this builder
     */
    public SmartIntervalBuilder tolerance(double relative, Duration absolute) {
        this.relative = relative;
        this.absolute = requireNonNull(absolute, "absolute");
        return this;
    }

    /**
     * When the path is asked whether it has become better. Default: after 6 h, then at distances that double up to
     * 22 h; more rarely close to the maximum, where the probes would cost more than they could save.
     *
     * @param first greater than 0
     * @param longest at least {@code first}
     * @return this builder
     */
    public SmartIntervalBuilder growth(Duration first, Duration longest) {
        this.growthFirst = requireNonNull(first, "first");
        this.growthLongest = requireNonNull(longest, "longest");
        return this;
    }

    /**
     * Who tries idle times on sacrificial connections.
     *
     * @param prober of an adapter, or the user's own
     * @return this builder
     */
    public SmartIntervalBuilder probeWith(SideProber prober) {
        this.prober = requireNonNull(prober, "prober");
        return this;
    }

    /**
     * How many probes may be on their way at a time, if the prober carries as many. Default: 6. With one, the search
     * doubles and bisects, and takes hours where the timeout is long.
     *
     * @param lanes from 1 to 64
     * @return this builder
     * @throws IllegalArgumentException if {@code lanes} is out of its range
     */
    public SmartIntervalBuilder lanes(int lanes) {
        this.lanes = Checks.inRange("lanes", lanes, 1, 64);
        return this;
    }

    /**
     * How soon an unanswered heartbeat is repeated: the policy's ack timeout. Default: 2 s. What is observed replaces
     * it in time. Several retries have to fit below the timeout, so this is what the slack is made of.
     *
     * @param ackTimeout greater than 0, at most 30 minutes, as in a policy
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public SmartIntervalBuilder retryEvery(Duration ackTimeout) {
        long ns = Checks.positiveNs("ackTimeout", ackTimeout);
        Checks.require(ns <= LONGEST_ACK_TIMEOUT.toNanos(), "ackTimeout", ackTimeout, "<= " + LONGEST_ACK_TIMEOUT);
        this.retryEveryNs = ns;
        return this;
    }

    /**
     * A short interval for {@link dev.heartbeat.interval.Phase#FOREGROUND}. By default both phases are alike.
     *
     * @param interval greater than 0; the smart interval is used where that is shorter
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public SmartIntervalBuilder inForeground(Duration interval) {
        this.foregroundNs = Checks.positiveNs("interval", interval);
        this.hasForeground = true;
        return this;
    }

    /**
     * How much earlier than necessary a heartbeat may leave, so that wake-ups can share a moment. Default: 0. Never
     * later; for random spread see the policy's jitter.
     *
     * @param share of the interval, from 0 to 0.5
     * @param grid moments on the monitor's clock at whose multiples heartbeats are sent if one lies in the window; 0
     *     for none, which leaves the choice to the {@linkplain #wakeWith alarm}
     * @return this builder
     * @throws IllegalArgumentException if one is out of its range
     */
    public SmartIntervalBuilder upToEarlier(double share, Duration grid) {
        this.earliness = Checks.inRange("share", share, 0.0, 0.5);
        this.alignNs = Checks.nonNegativeNs("grid", grid);
        return this;
    }

    /**
     * The alarm of a platform that owns wake-ups. By default there is none, and the host's own waiting has to do.
     *
     * @param alarm asked at the start of each silence
     * @return this builder
     */
    public SmartIntervalBuilder wakeWith(WakeUpAlarm alarm) {
        this.alarm = requireNonNull(alarm, "alarm");
        return this;
    }

    /**
     * Where results are kept. By default they are forgotten with the network.
     *
     * @param store may be shared
     * @return this builder
     */
    public SmartIntervalBuilder rememberIn(NetworkProfileStore store) {
        this.store = requireNonNull(store, "store");
        return this;
    }

    /**
     * What identifies the network that the device is on; asked at first and after each change. Not its type: two
     * Wi-Fis are two networks. By default the prober is asked. An empty answer means unknown: what is remembered then
     * is only a first guess, and the safe start holds until it is confirmed.
     *
     * @param identity such as {@code wifi:} and the BSSID, or {@code mobile:} and the operator's code
     * @return this builder
     */
    public SmartIntervalBuilder network(Supplier<String> identity) {
        this.network = requireNonNull(identity, "identity");
        return this;
    }

    /**
     * Tells the age of what is remembered. Default: the system's clock.
     *
     * @param wallClock used for nothing else
     * @return this builder
     */
    public SmartIntervalBuilder wallClock(Clock wallClock) {
        this.wallClock = requireNonNull(wallClock, "wallClock");
        return this;
    }

    /**
     * Told the handle of a connection that does not answer while a fresh one does: the host may give it up at once
     * ({@code HeartbeatMonitor.lost}) instead of waiting for its failure detector. Told in the midst of the monitor's
     * own turn: note the handle, and act after {@code poll}.
     *
     * @param consumer of the monitor's handle, on the connection's thread
     * @return this builder
     */
    public SmartIntervalBuilder onPathLost(LongConsumer consumer) {
        this.onPathLost = requireNonNull(consumer, "consumer");
        return this;
    }

    /**
     * Makes the strategy and recalls what is remembered about the present network.
     *
     * @return the strategy
     * @throws IllegalArgumentException if {@link #probeWith} is missing, or times do not fit together
     */
    public SmartInterval build() {
        SideProber with = prober;
        if (with == null) {
            throw new IllegalArgumentException("probeWith: missing (expected: a SideProber; without one, see inBand)");
        }
        Bounds.Builder bounds =
                Bounds.between(min, max).tolerance(relative, absolute).growth(growthFirst, growthLongest);
        if (safeStart != null) {
            bounds.safeStart(safeStart);
        }
        return new SmartInterval(this, bounds.build(), with);
    }
}
