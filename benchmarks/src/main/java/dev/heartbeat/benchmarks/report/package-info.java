/** Runs everything that can be measured, keeps the figures, and prints them side by side. */
@NullMarked
package dev.heartbeat.benchmarks.report;

import org.jspecify.annotations.NullMarked;
