package io.micado.http;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.MicadoException;
import io.micado.api.error.Problem;
import io.micado.api.spi.Secret;
import io.micado.api.time.Timekeeper;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Collects how a {@link MicadoHttpServer} is to be, and checks all of it in {@link #build()}. Not thread-safe; used once. */
public final class MicadoHttpServerBuilder {
    /** The port of Occopus' own service, which is the default. */
    public static final int DEFAULT_PORT = 5000;

    final List<Route> endpoints = new ArrayList<>();
    final Set<String> origins = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    InetAddress address = InetAddress.getLoopbackAddress();
    int port = DEFAULT_PORT;

    @Nullable
    Secret token;

    @Nullable
    SSLContext tls;

    @Nullable
    InfrastructureFactory factory;

    private boolean withoutToken;
    int threads = 32;
    int mostStreams = 16;
    int mostBodyBytes = 1 << 20;
    Duration readDeadline = Duration.ofSeconds(10);
    Duration answerDeadline = Duration.ofSeconds(30);

    MicadoHttpServerBuilder() {}

    /** Sets the address to listen on; default the loopback address. */
    public MicadoHttpServerBuilder address(InetAddress value) {
        address = Objects.requireNonNull(value, "address");
        return this;
    }

    /** Sets the port; 0 takes a free one; default {@value #DEFAULT_PORT}. */
    public MicadoHttpServerBuilder port(int value) {
        port = value;
        return this;
    }

    /** Sets the token that every request has to show: at least 16 characters, best random ones. It is asked for each time, so that it can rotate. */
    public MicadoHttpServerBuilder token(Secret value) {
        token = Objects.requireNonNull(value, "token");
        return this;
    }

    /** Lets everybody in who reaches the loopback address, which is every program of this host. */
    public MicadoHttpServerBuilder withoutToken() {
        withoutToken = true;
        return this;
    }

    /** Speaks TLS with the key of this key store, PKCS #12 or JKS. */
    public MicadoHttpServerBuilder tls(Path keyStore, Secret password) {
        try (InputStream in = Files.newInputStream(keyStore)) {
            char[] secret = password.reveal().toCharArray();
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(in, secret);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, secret);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return tls(context);
        } catch (IOException | GeneralSecurityException | MicadoException e) {
            problems.add(Problem.of("tls", "the key store " + keyStore + " cannot be used: " + e.getMessage()));
            return this;
        }
    }

    /** Speaks TLS with this context. */
    public MicadoHttpServerBuilder tls(SSLContext value) {
        tls = Objects.requireNonNull(value, "tls");
        return this;
    }

    /** Lets pages of another origin ask, such as {@code https://ops.example.org}. */
    public MicadoHttpServerBuilder allowOrigin(String origin) {
        if (!origin.matches("https?://[^/?#\\s]+")) {
            problems.add(Problem.of(
                    "allowOrigin",
                    "must be a scheme, a host and perhaps a port, such as https://ops.example.org; got \"" + origin
                            + "\""));
        }
        origins.add(origin);
        return this;
    }

    /** Sets what makes infrastructures that are asked for by {@code POST /infrastructures/}; without one they are refused. */
    public MicadoHttpServerBuilder factory(InfrastructureFactory value) {
        factory = Objects.requireNonNull(value, "factory");
        return this;
    }

    /**
     * Adds a route, behind the same door as all others.
     *
     * @param method the method, such as {@code POST}
     * @param path the path, with variables such as {@code /alerts/{infrastructure}}
     */
    public MicadoHttpServerBuilder endpoint(String method, String path, Endpoint endpoint) {
        endpoints.add(
                new Route(method.toUpperCase(Locale.ROOT), path, false, Objects.requireNonNull(endpoint, "endpoint")));
        return this;
    }

    /** Sets how many requests are worked on at a time; default 32. Twice as many more wait; beyond that connections are closed. */
    public MicadoHttpServerBuilder threads(int value) {
        threads = value;
        return this;
    }

    /** Sets how many event streams may be open at a time; default 16. */
    public MicadoHttpServerBuilder mostStreams(int value) {
        mostStreams = value;
        return this;
    }

    /** Sets how long a request's body may be, in bytes; default 1 MiB. */
    public MicadoHttpServerBuilder mostBodyBytes(int value) {
        mostBodyBytes = value;
        return this;
    }

    /** Sets how long a request may take to be read, from its first byte to the end of its body; default 10 s. */
    public MicadoHttpServerBuilder readDeadline(Duration value) {
        readDeadline = Objects.requireNonNull(value, "readDeadline");
        return this;
    }

    /** Sets how long a request may take to be answered, until its reader has taken the answer; default 30 s. */
    public MicadoHttpServerBuilder answerDeadline(Duration value) {
        answerDeadline = Objects.requireNonNull(value, "answerDeadline");
        return this;
    }

    /**
     * {@return the server}, which does nothing before {@link MicadoHttpServer#start()}
     *
     * @throws ConfigurationException with every problem at once
     */
    public MicadoHttpServer build() {
        return build(new SystemTimekeeper());
    }

    MicadoHttpServer build(Timekeeper time) {
        checkToken();
        if (port < 0 || port > 65_535) {
            problems.add(Problem.of("port", "must be 0 to 65535, got " + port));
        }
        atLeastOne("threads", threads);
        atLeastOne("mostBodyBytes", mostBodyBytes);
        if (mostStreams < 0) {
            problems.add(Problem.of("mostStreams", "must be 0 or more, got " + mostStreams));
        }
        positive("readDeadline", readDeadline);
        positive("answerDeadline", answerDeadline);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new MicadoHttpServer(this, time);
    }

    private void checkToken() {
        if (token == null) {
            if (!address.isLoopbackAddress()) {
                problems.add(Problem.of(
                        "token",
                        "is required, because " + address.getHostAddress()
                                + " can be reached from other hosts: give one, or listen on the loopback address"));
            } else if (!withoutToken) {
                problems.add(Problem.of(
                        "token", "is required; only on the loopback address it may be left out, by withoutToken()"));
            }
            return;
        }
        try {
            if (token.reveal().length() < Gate.SHORTEST_TOKEN) {
                problems.add(Problem.of("token", "must have at least " + Gate.SHORTEST_TOKEN + " characters"));
            }
        } catch (MicadoException e) {
            problems.add(Problem.of("token", String.valueOf(e.getMessage())));
        }
    }

    private void atLeastOne(String what, int value) {
        if (value < 1) {
            problems.add(Problem.of(what, "must be 1 or more, got " + value));
        }
    }

    private void positive(String what, Duration value) {
        if (value.isZero() || value.isNegative()) {
            problems.add(Problem.of(what, "must be positive, got " + value));
        }
    }
}
