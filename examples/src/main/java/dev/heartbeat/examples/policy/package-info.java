/** A policy of one's own: quiet at night. Its test runs a week in virtual time. */
@NullMarked
package dev.heartbeat.examples.policy;

import org.jspecify.annotations.NullMarked;
