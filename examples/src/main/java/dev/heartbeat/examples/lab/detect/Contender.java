package dev.heartbeat.examples.lab.detect;

import java.util.function.DoubleFunction;

/**
 * A detector with one knob, as it is put to the test.
 *
 * @param name what the user types
 * @param knob what the setting means
 * @param least the least setting that is tried, greater than 0
 * @param most the greatest
 * @param judge makes one with a setting, for one trace
 */
record Contender(String name, String knob, double least, double most, DoubleFunction<Judge> judge) {
    /** Tells from each arrival until when the peer is trusted. */
    interface Judge {
        void begin(Trace trace);

        /** The instant of suspicion if nothing else comes. Called for each fresh arrival in turn. */
        long suspectAtNs(int sequence, long arrivalNs);
    }
}
