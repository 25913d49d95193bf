/**
 * An echo server and its client on blocking sockets: a thread per connection, virtual ones where the JVM has them.
 *
 * <p>Started by {@code examples/run blocking-server [port]} and {@code examples/run blocking-client HOST PORT}.
 *
 * <p>Stop the client with Ctrl-Z, and within a minute the server says that it is dead.
 */
@NullMarked
package dev.heartbeat.examples.blocking;

import org.jspecify.annotations.NullMarked;
