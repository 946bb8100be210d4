package io.micado.swarm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The IP address and port at which machines join a Swarm, as {@link SwarmSettings} and {@link SwarmSetup} compare them. Immutable.
 *
 * @param host an IPv4 or IPv6 address, without brackets
 * @param port the port
 */
record ManagerAddress(String host, int port) {
    /** The port of a Swarm's managers. */
    static final int USUAL_PORT = 2377;

    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern WITH_PORT = Pattern.compile("(?:\\[([^]]+)]|([^:]+))(?::(\\d{1,5}))?");

    /** {@return what a text says, {@code ADDRESS} or {@code ADDRESS:PORT}; empty when it is no such thing, as a name is not} */
    static Optional<ManagerAddress> parse(String text) {
        Matcher withPort = WITH_PORT.matcher(text);
        if (!withPort.matches()) {
            return Optional.of(new ManagerAddress(text, USUAL_PORT)).filter(ManagerAddress::isAddress);
        }
        String port = withPort.group(3);
        String host = withPort.group(1) == null ? withPort.group(2) : withPort.group(1);
        return Optional.of(new ManagerAddress(host, port == null ? USUAL_PORT : Integer.parseInt(port)))
                .filter(ManagerAddress::isAddress);
    }

    /** No name is ever looked up. */
    private static Optional<InetAddress> address(String host) {
        if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private boolean isAddress() {
        return port > 0 && port <= 65_535 && address(host).isPresent();
    }

    /** {@return whether it is the same host, whatever the port} */
    boolean isHostOf(ManagerAddress other) {
        return address(host).equals(address(other.host));
    }

    /** {@return whether it means a different machine on each machine: a loopback, an unspecified or a link-local address} */
    boolean isOfEachMachine() {
        return address(host)
                .filter(it -> it.isLoopbackAddress() || it.isAnyLocalAddress() || it.isLinkLocalAddress())
                .isPresent();
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
