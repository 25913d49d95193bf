package dev.heartbeat.benchmarks.programs;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Many connections, and one mechanism that notices when they fall silent. Connections are numbered from 0. */
interface Population extends AutoCloseable {

    /** Begins to watch a connection. */
    void open(int connection, long nowNs);

    /** Something arrived. */
    void heard(int connection, long nowNs);

    /** Ceases to watch a connection. */
    void close(int connection);

    /**
     * Does what is due; nothing if the mechanism has a thread of its own.
     *
     * @return how much was done; less than {@code limit} if nothing is left
     */
    int turn(long nowNs, int limit);

    /** How often a connection was found silent. */
    long noticed();

    /** Ends threads. */
    @Override
    default void close() {}

    /** Who there is. */
    enum Kind {
        HEARTBEAT("Heartbeat"),
        HEARTBEAT_COUNTING("Heartbeat, counting per connection"),
        HEARTBEAT_PROBING("Heartbeat, probing"),
        IDLE_STATE("Netty IdleStateHandler"),
        PASS_THROUGH("Netty channel without it"),
        EVENT_LOOP("Netty event loop's heap"),
        WHEEL_TIMER("Netty HashedWheelTimer"),
        EXECUTOR("ScheduledThreadPoolExecutor"),
        AGRONA("Agrona DeadlineTimerWheel"),
        BARE("a store, nobody watches");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }

        static Kind of(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.name().equalsIgnoreCase(name.replace('-', '_')))
                    .findAny()
                    .orElseThrow(() -> new IllegalArgumentException("who: " + name + " (expected: one of "
                            + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", ")) + ")"));
        }

        /** Its mechanism runs in a thread of its own, on the real clock only. */
        boolean hasThread() {
            return this == WHEEL_TIMER || this == EXECUTOR;
        }

        /** What the measuring population itself holds for a connection: handles, a reference. */
        int ownBytes() {
            return switch (this) {
                case HEARTBEAT, HEARTBEAT_COUNTING, HEARTBEAT_PROBING -> Long.BYTES;
                default -> 4;
            };
        }

        Population create(int capacity, long timeoutNs, long nowNs) {
            return switch (this) {
                case HEARTBEAT -> HeartbeatPopulation.listening(capacity, timeoutNs, nowNs, false);
                case HEARTBEAT_COUNTING -> HeartbeatPopulation.listening(capacity, timeoutNs, nowNs, true);
                case HEARTBEAT_PROBING -> HeartbeatPopulation.probing(capacity, timeoutNs, nowNs);
                case IDLE_STATE -> new ChannelPopulation(capacity, timeoutNs, nowNs, true);
                case PASS_THROUGH -> new ChannelPopulation(capacity, timeoutNs, nowNs, false);
                case EVENT_LOOP -> new EventLoopPopulation(capacity, timeoutNs, nowNs);
                case WHEEL_TIMER -> new WheelTimerPopulation(capacity, timeoutNs);
                case EXECUTOR -> new ExecutorPopulation(capacity, timeoutNs);
                case AGRONA -> new AgronaPopulation(capacity, timeoutNs, nowNs);
                case BARE -> new BarePopulation(capacity);
            };
        }
    }
}
