/** Decides when to speak, how long to wait and who is gone. No I/O, no dependency, no thread unless asked for. */
module dev.heartbeat.core {
    requires static org.jspecify;

    exports dev.heartbeat;
    exports dev.heartbeat.detect;
    exports dev.heartbeat.interval;
    exports dev.heartbeat.interval.nat;
    exports dev.heartbeat.reconnect;
    exports dev.heartbeat.time;
    exports dev.heartbeat.wire;
    exports dev.heartbeat.wheel;
}
