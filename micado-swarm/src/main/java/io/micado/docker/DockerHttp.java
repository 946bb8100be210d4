package io.micado.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.SSLConfig;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends HTTP clients of docker-java to {@link DockerCall}. Thread-safe.
 *
 * <p>Ordinary reads share one client and its connections. What changes something, or takes longer than the connection's
 * deadline, has a client and so a fresh connection of its own: a kept one may be dead, and then nobody could tell
 * whether the request got through; and the read timeout is one of the client as a whole.
 */
final class DockerHttp implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DockerHttp.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** The socket's own limit comes after that of the call, which ends it and tells why in the same words each time. */
    private static final Duration AFTER_DEADLINE = Duration.ofSeconds(1);

    private final DockerConnection connection;
    private final int mostConnections;
    private @Nullable DockerHttpClient shared;
    private boolean closed;

    DockerHttp(DockerConnection connection, int mostConnections) {
        this.connection = connection;
        this.mostConnections = mostConnections;
    }

    /** {@return a client for this request, to be closed when the answer was read} */
    Lease lease(EngineRequest request, Duration deadline) {
        if (request.changesSomething() || deadline.compareTo(connection.deadline()) > 0) {
            return new Lease(open(1, deadline.plus(AFTER_DEADLINE)), true);
        }
        return new Lease(shared(), false);
    }

    /** {@return a client for an answer that never ends, and that may be silent for this long} */
    Lease leaseStream(Duration silence) {
        return new Lease(open(1, silence), true);
    }

    private synchronized DockerHttpClient shared() {
        if (closed) {
            throw new IllegalStateException("the connection to Docker at " + connection.host() + " is closed");
        }
        if (shared == null) {
            shared = open(mostConnections, connection.deadline().plus(AFTER_DEADLINE));
        }
        return shared;
    }

    private DockerHttpClient open(int connections, Duration readTimeout) {
        Optional<SSLConfig> ssl = connection.tls().map(DockerTls::sslConfig);
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(connection.host())
                .maxConnections(connections)
                .connectionTimeout(CONNECT_TIMEOUT)
                .responseTimeout(readTimeout);
        ssl.ifPresent(builder::sslConfig);
        return builder.build();
    }

    /** Closes the shared client, so that the next reading takes a new one, with the certificates as they are then. */
    void renew() {
        DockerHttpClient old;
        synchronized (this) {
            old = shared;
            shared = null;
        }
        if (old != null) {
            closeQuietly(old);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        renew();
    }

    private static void closeQuietly(DockerHttpClient client) {
        try {
            client.close();
        } catch (IOException e) {
            log.debug("Closing a connection failed, which changes nothing", e);
        }
    }

    /** A client for one call. */
    record Lease(DockerHttpClient client, boolean own) implements AutoCloseable {
        @Override
        public void close() {
            if (own) {
                closeQuietly(client);
            }
        }
    }
}
