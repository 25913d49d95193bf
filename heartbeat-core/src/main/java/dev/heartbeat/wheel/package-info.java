/**
 * Timers: the hashed wheel that wakes connections up, usable on its own. Imports nothing else of this library.
 */
@NullMarked
package dev.heartbeat.wheel;

import org.jspecify.annotations.NullMarked;
