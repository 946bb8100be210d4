package io.micado.api.service;

import java.util.Objects;

/**
 * A port of a service that is reachable from outside. Immutable.
 *
 * @param published the port outside, 1 to 65535; 0 lets the orchestrator choose
 * @param target the port in the container, 1 to 65535
 * @param protocol the protocol; default {@link Protocol#TCP}
 * @param mode where it is published; default {@link Mode#INGRESS}
 */
public record PublishedPort(int published, int target, Protocol protocol, Mode mode) {

    /** The transport protocol. */
    public enum Protocol {
        /** TCP. */
        TCP,
        /** UDP. */
        UDP,
        /** SCTP. */
        SCTP
    }

    /** Where the port is open. */
    public enum Mode {
        /** On every node, spread over all replicas by the routing mesh. */
        INGRESS,
        /** On the nodes that run a replica, which takes the port there: one replica a node. */
        HOST
    }

    /** Checks the ranges. */
    public PublishedPort {
        if (published < 0 || published > 65535) {
            throw new IllegalArgumentException("published must be 0 to 65535, got " + published);
        }
        if (target < 1 || target > 65535) {
            throw new IllegalArgumentException("target must be 1 to 65535, got " + target);
        }
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(mode, "mode");
    }

    /** {@return a TCP port of the routing mesh} */
    public static PublishedPort tcp(int published, int target) {
        return new PublishedPort(published, target, Protocol.TCP, Mode.INGRESS);
    }

    @Override
    public String toString() {
        return published + ":" + target + "/" + protocol.name().toLowerCase(java.util.Locale.ROOT)
                + (mode == Mode.HOST ? " (host)" : "");
    }
}
