/**
 * An echo server and its client on blocking sockets: a thread per connection, virtual ones where the JVM has them.
 *
 * <p>After {@code ./mvnw -q -DskipTests package}, from the project's directory:
 *
 * <pre>
 * java -cp 'examples/target/classes:examples/target/lib/*' dev.heartbeat.examples.blocking.EchoServer 7007
 * java -cp 'examples/target/classes:examples/target/lib/*' dev.heartbeat.examples.blocking.EchoClient localhost 7007
 * </pre>
 *
 * <p>Stop the client with Ctrl-Z, and within a minute the server says that it is dead.
 */
@NullMarked
package dev.heartbeat.examples.blocking;

import org.jspecify.annotations.NullMarked;
