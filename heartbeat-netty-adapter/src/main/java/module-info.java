/** Heartbeats for Netty 4.1 and 4.2: handlers for a pipeline, one timer wheel per event loop. */
module dev.heartbeat.netty {
    requires transitive dev.heartbeat.core;
    requires transitive io.netty.buffer;
    requires transitive io.netty.transport;
    requires io.netty.common;
    requires static io.netty.codec; // to compile; Netty 4.2 has another name for it
    requires static io.netty.codec.http;
    requires static org.jspecify;

    exports dev.heartbeat.netty;
}
