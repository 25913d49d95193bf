/** The lab: one program that shows, measures and helps to choose. Started by {@code examples/lab COMMAND}. */
@NullMarked
package dev.heartbeat.examples.lab;

import org.jspecify.annotations.NullMarked;
