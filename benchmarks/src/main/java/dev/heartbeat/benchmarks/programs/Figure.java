package dev.heartbeat.benchmarks.programs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * One thing measured. A program prints each on a line of its own, as JSON.
 *
 * @param topic the case
 * @param who whom it was measured on
 * @param scale with how many connections, and in which circumstances
 * @param what which of the case's quantities
 * @param value the figure
 * @param unit its unit
 */
public record Figure(String topic, String who, String scale, String what, double value, String unit) {
    private static final ObjectMapper JSON = new ObjectMapper();

    void print() {
        try {
            System.out.println(JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
