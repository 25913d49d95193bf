/** What a packet, a heartbeat and an idle turn cost the whole engine, operation by operation. */
@NullMarked
package dev.heartbeat.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
