/** The lab's {@code detect}: failure detectors over traces of heartbeats, detection time against mistakes. */
@NullMarked
package dev.heartbeat.examples.lab.detect;

import org.jspecify.annotations.NullMarked;
