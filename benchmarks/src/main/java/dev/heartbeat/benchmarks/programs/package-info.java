/** Whole engines at full size, each in a JVM of its own: what a process with a million connections costs. */
@NullMarked
package dev.heartbeat.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
