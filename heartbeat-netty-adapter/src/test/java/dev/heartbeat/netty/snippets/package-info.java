/** The code that is shown in the README, compiled and run by a test. */
package dev.heartbeat.netty.snippets;
