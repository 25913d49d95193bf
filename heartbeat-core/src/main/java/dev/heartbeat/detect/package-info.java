/**
 * Is it gone? Failure detectors weigh what came from the peer and what did not, and ack timeouts say
 * how long one probe waits for its answer.
 *
 * <p>Start at {@link dev.heartbeat.detect.FailureDetectors}. Nothing is null unless its Javadoc says so.
 */
@NullMarked
package dev.heartbeat.detect;

import org.jspecify.annotations.NullMarked;
