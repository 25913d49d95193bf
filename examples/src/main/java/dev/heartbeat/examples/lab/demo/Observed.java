package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.examples.lab.proxy.LinkRecord;
import java.util.List;

/**
 * All that is known when a run is over: what was done, what the proxy saw, what both sides noticed.
 *
 * @param startNs when it began
 * @param closingNs when everybody was sent home; what was noticed later counts no more
 * @param faults what was done on purpose, on connections that lived then; expired mappings are in {@code links}
 * @param links the proxy's records
 * @param events what was noticed
 * @param stallFromNs when the server's loop was stopped
 * @param stallToNs when it ran again
 * @param settled what the server held when all was quiet again
 * @param left what the server held when all had gone
 * @param lateness of the host
 */
record Observed(
        long startNs,
        long closingNs,
        List<Fault> faults,
        List<LinkRecord> links,
        List<Event> events,
        long stallFromNs,
        long stallToNs,
        DemoServer.Holdings settled,
        DemoServer.Holdings left,
        Lateness lateness) {}
