package dev.heartbeat.examples.lab.demo;

import java.util.List;

/** All of a run: the account, and what only the pictures need. */
record Run(
        Account account,
        Plan plan,
        double endMs,
        double stallFromMs,
        double stallToMs,
        List<Samples.Sample> population,
        List<Journal.RoundTrip> roundTrips) {}
