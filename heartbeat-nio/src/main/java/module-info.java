/** Heartbeats for a {@code java.nio} selector loop. */
module dev.heartbeat.nio {
    requires transitive dev.heartbeat.core;
    requires static org.jspecify;

    exports dev.heartbeat.nio;
}
