/** What the library costs, measured beside its peers in the same run. */
@NullMarked
package dev.heartbeat.benchmarks;

import org.jspecify.annotations.NullMarked;
