/**
 * Bring your own loop: a game server that ticks sixty times a second, over UDP, with nothing but the core.
 *
 * <p>Started by {@code examples/run ownloop [port]}.
 */
@NullMarked
package dev.heartbeat.examples.ownloop;

import org.jspecify.annotations.NullMarked;
