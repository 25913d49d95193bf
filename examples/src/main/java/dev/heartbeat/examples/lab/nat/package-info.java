/** The lab's command {@code nat}: the smart interval and others' rules on a simulated path, in virtual time. */
@NullMarked
package dev.heartbeat.examples.lab.nat;

import org.jspecify.annotations.NullMarked;
