/** The lab's {@code demo}: the main job on the loopback, with faults, and an account of who noticed what, and when. */
@NullMarked
package dev.heartbeat.examples.lab.demo;

import org.jspecify.annotations.NullMarked;
