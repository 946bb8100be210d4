package io.micado.bootstrap;

import java.util.Optional;
import java.util.regex.Pattern;

/** Names and addresses of hosts, as they come from users and clusters. Stateless. */
final class Hosts {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\\.?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern PREFIX = Pattern.compile("/[0-9]{1,3}");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}");

    private Hosts() {}

    /** {@return the host} It is a name, or an IPv4 or IPv6 address. */
    static String check(String host) {
        if (!NAME.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            throw new IllegalArgumentException("\"" + host + "\" is no name or address of a host");
        }
        return host;
    }

    /** {@return the IPv4 or IPv6 address} A name is none: firewalls and engines know addresses only. */
    static String checkAddress(String what, String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            throw new IllegalArgumentException(what + " must be an IP address, got \"" + text + "\"");
        }
        return text;
    }

    /** {@return the host or the network, such as {@code 10.0.0.0/8}} */
    static String checkNetwork(String text) {
        int slash = text.indexOf('/');
        check(slash < 0 ? text : text.substring(0, slash));
        if (slash >= 0 && !PREFIX.matcher(text.substring(slash)).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no network, such as 10.0.0.0/8");
        }
        return text;
    }

    /** {@return the host of {@code HOST:PORT} or {@code [HOST]:PORT}; the port may be absent} */
    static String hostOf(String hostAndPort) {
        if (hostAndPort.startsWith("[")) {
            int end = hostAndPort.indexOf(']');
            if (end > 0) {
                return check(hostAndPort.substring(1, end));
            }
        }
        int colon = hostAndPort.lastIndexOf(':');
        boolean onePort = colon > 0
                && hostAndPort.indexOf(':') == colon
                && PORT.matcher(hostAndPort.substring(colon)).matches();
        return check(onePort ? hostAndPort.substring(0, colon) : hostAndPort);
    }

    /** {@return the address in {@code HOST:PORT} or {@code HOST}; empty for a name and for what others cannot reach} */
    static Optional<String> reachableAddress(String hostAndPort) {
        try {
            return Optional.of(hostOf(hostAndPort)).filter(Hosts::isReachableAddress);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return whether it is an address that other machines can reach, as opposed to a name, a loopback or no address} */
    private static boolean isReachableAddress(String host) {
        if (IPV6.matcher(host).matches()) {
            return !host.matches("[0:]*:[01]?");
        }
        return IPV4.matcher(host).matches() && !host.startsWith("127.") && !host.startsWith("0.");
    }
}
