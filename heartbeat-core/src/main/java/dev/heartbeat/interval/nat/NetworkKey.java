package dev.heartbeat.interval.nat;

import static java.util.Objects.requireNonNull;

/**
 * What a learned idle timeout belongs to: a transport, a network and a server.
 *
 * <p>The network is an identity, not a type: two Wi-Fis share nothing. An empty network means that it is not known;
 * what is remembered under it serves only as a first guess.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param transport such as {@code tcp} or {@code udp}
 * @param network such as a Wi-Fi's BSSID, an operator's code, the gateway's address; empty if unknown
 * @param server such as {@code chat.example:443}
 */
public record NetworkKey(String transport, String network, String server) {
    /**
     * Checks that nothing is missing.
     *
     * @param transport any
     * @param network any
     * @param server any
     */
    public NetworkKey {
        requireNonNull(transport, "transport");
        requireNonNull(network, "network");
        requireNonNull(server, "server");
    }
}
