package io.micado.docker;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where an engine is and how it is to be reached; made from settings by {@link DockerSettings} or by hand. Immutable,
 * and valid by construction: TCP without TLS is refused unless it is allowed.
 *
 * @param host {@code unix:///var/run/docker.sock} or {@code tcp://HOST:PORT}
 * @param tls the certificates for {@code tcp}; empty for none
 * @param allowPlainTcp whether {@code tcp} without certificates is acceptable
 * @param deadline in how long an ordinary call has to be answered
 */
public record DockerConnection(URI host, Optional<DockerTls> tls, boolean allowPlainTcp, Duration deadline) {
    /** Where an engine listens by default. */
    public static final URI LOCAL = URI.create("unix:///var/run/docker.sock");
    /** In how long an ordinary call has to be answered by default. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    /** Checks the address. */
    public DockerConnection {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(tls, "tls");
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be more than 0, got " + deadline);
        }
        checkAddress(host, tls.isPresent() || allowPlainTcp);
    }

    /** {@return the engine at this address, with the default deadline and no certificates} */
    public static DockerConnection at(URI host) {
        return new DockerConnection(host, Optional.empty(), false, DEFAULT_DEADLINE);
    }

    /** {@return the engine that listens on this unix socket} */
    public static DockerConnection atSocket(Path socket) {
        return at(URI.create("unix://" + socket.toAbsolutePath()));
    }

    /** {@return the same way to another address} */
    public DockerConnection withHost(URI other) {
        return new DockerConnection(other, tls, allowPlainTcp, deadline);
    }

    /** {@return the same with another deadline} */
    public DockerConnection withDeadline(Duration other) {
        return new DockerConnection(host, tls, allowPlainTcp, other);
    }

    boolean local() {
        return "unix".equals(host.getScheme());
    }

    private static void checkAddress(URI host, boolean plainTcpAcceptable) {
        String scheme = Objects.requireNonNullElse(host.getScheme(), "");
        if (scheme.equals("unix")) {
            String path = host.getPath();
            if (path == null || path.isBlank()) {
                throw problem(host, "names no socket; write it as unix:///var/run/docker.sock");
            }
        } else if (scheme.equals("tcp")) {
            if (host.getHost() == null || host.getPort() < 1) {
                throw problem(host, "names no host and port; write it as tcp://HOST:2376");
            }
            if (!plainTcpAcceptable) {
                throw problem(
                        host,
                        "is a TCP address without TLS, which gives whoever reaches the port all rights on that machine; set \""
                                + DockerSettings.TLS_CERT_PATH
                                + "\" to a directory with ca.pem, cert.pem and key.pem, or set \""
                                + DockerSettings.ALLOW_PLAIN_TCP + "\" to true where the network is safe");
            }
        } else {
            throw problem(host, "is no address that is understood; allowed are unix:///PATH and tcp://HOST:PORT");
        }
    }

    private static ConfigurationException problem(URI host, String message) {
        return new ConfigurationException(List.of(Problem.of(DockerSettings.HOST, "\"" + host + "\" " + message)));
    }
}
