/** A selector echo server, plain and wrapped. */
@NullMarked
package dev.heartbeat.examples.echo;

import org.jspecify.annotations.NullMarked;
