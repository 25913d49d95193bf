/** A TCP proxy that behaves like a NAT and like a bad network: forgets, swallows, delays, holds. Nothing of ours in it. */
@NullMarked
package dev.heartbeat.examples.lab.proxy;

import org.jspecify.annotations.NullMarked;
