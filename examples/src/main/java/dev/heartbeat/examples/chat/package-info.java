/**
 * A chat as messengers have it: users, each on several devices; everything of a dead client is cleaned up at once; clients
 * come back with backoff and take up where they were.
 *
 * <p>Started by {@code examples/run chat-server [port]} (on NIO) or {@code examples/run chat-netty-server [port]}, and
 * {@code examples/run chat-client HOST PORT USER DEVICE}, as often as you like. Lines of text:
 *
 * <pre>
 * client  HELLO user device last     who it is, and the number of the last message it has seen
 *         SAY text
 * server  MSG number user text       what was said, also what was said while the client was away
 *         HERE user device           a device came
 *         GONE user device           a device went, or was found dead
 *         REPLACED                   the same device has connected again; this connection ends
 *         REFUSED reason             and this one too
 * </pre>
 */
@NullMarked
package dev.heartbeat.examples.chat;

import org.jspecify.annotations.NullMarked;
