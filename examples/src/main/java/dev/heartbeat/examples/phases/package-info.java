/**
 * Foreground and background: a client that speaks often while someone is looking and seldom while nobody is, and the
 * probes as they come out at the other end of the wire.
 *
 * <p>Started by {@code examples/run phases}; ends by itself after half a minute.
 */
@NullMarked
package dev.heartbeat.examples.phases;

import org.jspecify.annotations.NullMarked;
