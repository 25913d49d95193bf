/**
 * A Netty WebSocket server, and a page that shows its own connection live, dying and returning.
 *
 * <pre>
 * ./mvnw -q -DskipTests package
 * java -cp 'examples/target/classes:examples/target/lib/*' dev.heartbeat.examples.websocket.LiveServer 8080
 * </pre>
 *
 * Then open {@code http://localhost:8080/} in two windows, and freeze or kill one of them.
 */
@NullMarked
package dev.heartbeat.examples.websocket;

import org.jspecify.annotations.NullMarked;
