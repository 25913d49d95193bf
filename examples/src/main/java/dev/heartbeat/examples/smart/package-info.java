/** A client that finds out how long the path remembers it, and the server that it asks. */
@NullMarked
package dev.heartbeat.examples.smart;

import org.jspecify.annotations.NullMarked;
