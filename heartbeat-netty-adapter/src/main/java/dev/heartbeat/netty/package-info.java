/**
 * Heartbeats for Netty 4.1 and 4.2: handlers for a pipeline, one timer wheel per event loop.
 *
 * <p>Empty for now. Until the handlers are here, drive a {@code HeartbeatMonitor} of the core from the event
 * loop yourself.
 */
@NullMarked
package dev.heartbeat.netty;

import org.jspecify.annotations.NullMarked;
