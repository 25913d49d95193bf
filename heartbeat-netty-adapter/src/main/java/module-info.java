/** Heartbeats for Netty. Nothing in it yet: the handlers come with a later version. */
module dev.heartbeat.netty {
    requires transitive dev.heartbeat.core;
    requires static org.jspecify;
}
