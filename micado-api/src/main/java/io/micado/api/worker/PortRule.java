package io.micado.api.worker;

import java.util.Objects;

/**
 * Which traffic a worker takes: a range of ports of one protocol, from one kind of peer. Immutable.
 *
 * @param protocol the transport protocol
 * @param from the first port
 * @param to the last port, the same as the first for one port
 * @param source who may send
 * @param purpose what it is for, for people
 */
public record PortRule(Protocol protocol, int from, int to, Source source, String purpose) {

    /** A transport protocol. */
    public enum Protocol {
        /** TCP. */
        TCP,
        /** UDP. */
        UDP
    }

    /** Who may send. */
    public enum Source {
        /** The workers of the same infrastructure, and its managers. */
        GROUP,
        /** The managers alone. */
        MANAGER,
        /** Everybody. */
        WORLD
    }

    /** Checks the range and that nothing is null. */
    public PortRule {
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(purpose, "purpose");
        if (from < 1 || to > 65_535 || from > to) {
            throw new IllegalArgumentException("ports must be within 1 and 65535, got " + from + "-" + to);
        }
    }

    /** {@return a rule for one port} */
    public static PortRule of(Protocol protocol, int port, Source source, String purpose) {
        return new PortRule(protocol, port, port, source, purpose);
    }

    @Override
    public String toString() {
        return protocol + " " + (from == to ? String.valueOf(from) : from + "-" + to) + " from " + source + " ("
                + purpose + ")";
    }
}
