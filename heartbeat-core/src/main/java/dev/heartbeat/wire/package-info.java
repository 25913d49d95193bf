/**
 * The bytes: what a heartbeat looks like on the wire, and how it is told from the application's own data.
 *
 * <p>{@link dev.heartbeat.wire.HeartbeatCodec} is the interface to implement for a protocol's own heartbeat;
 * {@link dev.heartbeat.wire.HeartbeatCodecs} holds the ready ones. Nothing here does I/O, reads a clock or keeps
 * anything of a connection, with the exception of {@link dev.heartbeat.wire.HeartbeatFrame}, which is a scratch pad.
 *
 * <p>Nothing is null unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat.wire;

import org.jspecify.annotations.NullMarked;
