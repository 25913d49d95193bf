/**
 * How long does the path remember a silent connection? The smart interval, its search and its memory.
 *
 * <p>Start at {@link dev.heartbeat.interval.nat.SmartInterval}. Nothing is null unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat.interval.nat;

import org.jspecify.annotations.NullMarked;
