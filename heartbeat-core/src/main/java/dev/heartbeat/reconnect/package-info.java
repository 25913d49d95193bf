/**
 * After death: when a client may try again.
 *
 * <p>{@link dev.heartbeat.reconnect.ReconnectPolicy} says how, {@link dev.heartbeat.reconnect.Reconnect} counts for one
 * connection. Nothing here opens a socket or reads a clock. Nothing is null unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat.reconnect;

import org.jspecify.annotations.NullMarked;
