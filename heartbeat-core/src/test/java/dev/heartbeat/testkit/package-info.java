/** For tests of your own: clock origins, a recording listener, a link in memory that can lose, delay and freeze. */
@NullMarked
package dev.heartbeat.testkit;

import org.jspecify.annotations.NullMarked;
