/**
 * A Netty WebSocket server, and a page that shows its own connection live, dying and returning.
 *
 * <p>Started by {@code examples/run websocket [port]}.
 *
 * <p>Then open {@code http://localhost:8080/} in two windows, and freeze or kill one of them.
 */
@NullMarked
package dev.heartbeat.examples.websocket;

import org.jspecify.annotations.NullMarked;
