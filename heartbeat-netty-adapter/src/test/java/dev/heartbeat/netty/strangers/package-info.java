/** Programs that we have not written, over real sockets. What is missing on a machine is skipped, and says so. */
package dev.heartbeat.netty.strangers;
