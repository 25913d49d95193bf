/**
 * The front door: what a user types.
 *
 * <p>Start at {@link dev.heartbeat.HeartbeatPolicy}, which says when to probe and when to give up, and
 * {@link dev.heartbeat.HeartbeatMonitor}, which does it for any number of connections of one thread. Nothing is null
 * unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat;

import org.jspecify.annotations.NullMarked;
