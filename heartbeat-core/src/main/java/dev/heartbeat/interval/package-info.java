/**
 * When do I speak next? Interval strategies: fixed, phased (foreground and background), announced by the peer.
 *
 * <p>Start at {@link dev.heartbeat.interval.IntervalStrategy}. Nothing is null unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat.interval;

import org.jspecify.annotations.NullMarked;
