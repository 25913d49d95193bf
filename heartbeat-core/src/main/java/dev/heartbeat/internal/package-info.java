/** What the rooms share and users never see: argument checks. Not exported. */
@NullMarked
package dev.heartbeat.internal;

import org.jspecify.annotations.NullMarked;
