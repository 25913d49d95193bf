/**
 * Heartbeats for Netty 4.1 and 4.2.
 *
 * <p>{@link dev.heartbeat.netty.HeartbeatHandler} is the one to begin with:
 *
 * <pre>{@code
 * pipeline.addLast(HeartbeatHandler.webSocket(HeartbeatPolicy.server()));
 * }</pre>
 *
 * <pre>
 *   socket ─▶ edge ─▶ decoders, TLS, ... ─▶ HeartbeatHandler ─▶ the application
 *              │            bytes heard, bytes left    │ pings and pongs, user events
 *              └──────────────▶ one monitor ◀──────────┘
 *                        one wheel, one scheduled task
 *                            per event loop
 * </pre>
 */
@NullMarked
package dev.heartbeat.netty;

import org.jspecify.annotations.NullMarked;
