package dev.heartbeat.examples.lab.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** How often one setting is mistaken over several traces. */
@JsonPropertyOrder({"detector", "budget", "setting", "mistakesPerMillion"})
record PooledResult(String detector, double budget, double setting, double mistakesPerMillion) {}
