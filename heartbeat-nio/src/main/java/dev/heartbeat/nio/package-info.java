/**
 * Heartbeats for a {@code java.nio} selector loop: wrap your own, or take a channel that does it for you.
 *
 * <p>Nothing here is null unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat.nio;

import org.jspecify.annotations.NullMarked;
