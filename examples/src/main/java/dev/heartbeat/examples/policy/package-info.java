/**
 * A policy of one's own: quiet at night. Its test holds it to the contract of all policies in virtual time.
 *
 * <p>Started by {@code examples/run policy}, which shows a day of it.
 */
@NullMarked
package dev.heartbeat.examples.policy;

import org.jspecify.annotations.NullMarked;
