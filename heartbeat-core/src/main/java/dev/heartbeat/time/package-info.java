/**
 * The clock seam: the only place that reads a clock. What measures time takes it as an argument.
 *
 * <p>Imports nothing of ours. Nothing is null unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat.time;

import org.jspecify.annotations.NullMarked;
